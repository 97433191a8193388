/** Hashes as a policy writes them: SHA-256 in 64 hex digits. */
import type { StringLiteral } from "../../dsl/index.ts";
import { replaceWith, type Report } from "../report.ts";

/**
 * The hash; null, with a message, where the text isn't one. `what` names it for the message: "a certificate's
 * fingerprint". Tools print fingerprints in capitals and with colons; the fix writes them plainly.
 */
export function readSha256(literal: StringLiteral, what: string, report: Report): string | null {
  if (DIGITS.test(literal.value)) return literal.value;
  const plain = literal.value.replaceAll(/[:\s]/g, "").toLowerCase();
  const meant = DIGITS.test(plain) ? plain : null;
  report.error("AP5105", {
    span: literal.span,
    message: `this is no ${what}`,
    label: meant === null ? `${literal.value.length} characters` : "with capitals, colons or spaces",
    help: "write a SHA-256 as 64 hex digits in lower case",
    fix: meant === null ? null : replaceWith(literal.span, JSON.stringify(meant)),
  });
  return null;
}

const DIGITS = /^[0-9a-f]{64}$/;
