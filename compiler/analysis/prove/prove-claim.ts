/** One claim of a `prove` block over the whole policy. Pure analysis of the table. */
import type { Table } from "../../../engine/index.ts";
import type { ResolvedClaim } from "../../resolved-proof.ts";
import type { Effort } from "../space/cell.ts";
import { proveApart } from "./prove-apart.ts";
import { proveBound } from "./prove-bound.ts";
import { PROOFS_EFFORT, type Verdict } from "./verdict.ts";

/** `effort`: what may be spent on it; of what it takes the rest is left. */
export function proveClaim(
  claim: ResolvedClaim,
  table: Table,
  from: number | undefined,
  effort: Effort = { left: PROOFS_EFFORT },
): Verdict {
  const place = { from, effort };
  return claim.kind === "bound" ? proveBound(claim, table, place) : proveApart(claim, table, place);
}
