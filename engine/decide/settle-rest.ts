/** What `match` left of one formula, settled: for tools, which speak of truths and not of small integers. */
import type { Rest } from "../remainder.ts";
import type { State } from "../state.ts";
import { FALSE, TRUE } from "../formula/truth.ts";
import { settle } from "./settle.ts";

export function settleRest(rest: Rest, state: State): boolean | "unknown" {
  const settled = settle(rest, state);
  return settled === TRUE ? true : settled === FALSE ? false : "unknown";
}
