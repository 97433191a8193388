/** Lengths of time over which something is counted. */
import type { DurationLiteral } from "../../dsl/index.ts";
import type { Report } from "../report.ts";

const SECOND = 1000;
const LONGEST = 366 * 24 * 3600 * SECOND;

/** Milliseconds; null, with a message, where the time is none or longer than anything is kept. */
export function readWindow({ span, text, milliseconds }: DurationLiteral, what: string, report: Report): number | null {
  if (milliseconds >= SECOND && milliseconds <= LONGEST) return milliseconds;
  report.error("AP3093", {
    span,
    message: `\`${text}\` is no length of time for ${what}`,
    help: "write at least `1s` and at most `366d`",
  });
  return null;
}
