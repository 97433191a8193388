/** How many claims of a policy were proved: every one that was looked at without a finding. */
import type { Compilation } from "./program.ts";

/** 0 also where the policy has other errors, since claims are decided over what is whole. */
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

/** `1 claim proved`, `5 claims proved`; null where there is none. */
export function provedText(proved: number): string | null {
  return proved === 0 ? null : `${proved} claim${proved === 1 ? "" : "s"} proved`;
}
