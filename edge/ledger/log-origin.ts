/** What a shard of the ledger is called in its checkpoints: a URL without its scheme, under the edge's own name. */
import * as z from "zod/mini";
import { parseJson } from "../parse-json.ts";

const named = z.object({ origins: z.array(z.string()).check(z.minLength(1)) });

/** @param deployment the variable `DEPLOYMENT`. @throws without one, a ledger has no name */
export function logOrigin(deployment: unknown, shard: number): string {
  const [first = ""] = named.parse(parseJson(deployment)).origins;
  return `${new URL(first).host}/ledger/${shard}`;
}
