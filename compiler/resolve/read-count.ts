/** Whole numbers in settings: so many people, requests or times. */
import type { NumberLiteral } from "../../dsl/index.ts";
import type { Report } from "../report.ts";

const MOST = 1_000_000;

/** The number; null, with a message, where it isn't whole or out of bounds. `what` says what it counts. */
export function readCount(
  { span, text }: NumberLiteral,
  { least, what }: { readonly least: number; readonly what: string },
  report: Report,
): number | null {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least && number <= MOST) return number;
  report.error("AP5110", {
    span,
    message: `\`${text}\` makes no sense here`,
    label: /^\d+$/.test(text)
      ? Number(text) < least
        ? `less than ${least}`
        : `more than ${MOST}`
      : "not a whole number",
    help: `write ${what}: a whole number from ${least} to ${MOST}`,
  });
  return null;
}
