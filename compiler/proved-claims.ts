/** Claims of `prove` blocks apart from all else that a compilation found: how many hold, and what decides where one doesn't. */
import type { Table } from "../engine/index.ts";
import { lowerTable } from "./lower/lower-table.ts";
import type { Compilation } from "./program.ts";

/** How many were looked at without a finding. 0 also where the policy has other errors, since claims are decided over what is whole. */
export function provedClaims({ program, diagnostics, table }: Compilation): number {
  if (program === null) return 0;
  const open = diagnostics.filter(({ code }) => PROOF_CODES.has(code));
  const errors = diagnostics.filter(({ level }) => level === "error");
  if (table === null && errors.some(({ code }) => !PROOF_CODES.has(code))) return 0;
  const claims = program.proofs.flatMap((proof) => proof.claims);
  return claims.filter(
    ({ span }) => !open.some((one) => one.span.source === span.source && one.span.start === span.start),
  ).length;
}

/** Broken, undecided, and about nothing. */
const PROOF_CODES: ReadonlySet<string> = new Set(["AP6001", "AP6002", "AP6003"]);

/** For who looks into what a broken claim shows: the table, though claims about it don't hold. Not to be enforced. */
export function tableDespiteClaims({ table, program, diagnostics, sources }: Compilation): Table | null {
  if (table !== null || program === null) return table;
  const errors = diagnostics.filter(({ level }) => level === "error");
  return errors.every(({ code }) => PROOF_CODES.has(code)) ? lowerTable(program, sources) : null;
}

/** `1 claim proved`, `5 claims proved`; null where there is none. */
export function provedText(proved: number): string | null {
  return proved === 0 ? null : `${proved} claim${proved === 1 ? "" : "s"} proved`;
}
