/** Unused grants, as people read them in a terminal. The patch isn't among it. */
import { placeText } from "../place-of.ts";
import { painter } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";
import { hang } from "../terminal/wrap.ts";
import type { UnusedGrant, UnusedReport } from "./unused-report.ts";
import { type HistoryTextOptions, spanText } from "./what-if-text.ts";

/** Text that ends in a line end. */
export function unusedText(report: UnusedReport, options: HistoryTextOptions): string {
  const paint = painter(options.colour);
  const width = Math.max(40, options.width);
  const agents = report.agents.filter(({ unused }) => unused.length > 0);
  const lines = agents.flatMap(({ agent, records, unused }) => [
    paint("bold", printable(agent)) + paint("dim", records === 0 ? "  no records since then" : `  ${records} records`),
    ...unused.map((grant) => hang("  - ", grantText(grant), width)),
  ]);
  const looked = `looked at ${spanText(report)}, of which those since ${report.since.slice(0, 10)} count`;
  const end =
    report.patched === 0
      ? "nothing can be taken away"
      : `${report.patched} of these ${report.patched === 1 ? "is" : "are"} in the patch`;
  return `${[...lines, hang("", printable(`${looked}; ${agents.length === 0 ? "every grant was used" : end}`), width)].join("\n")}\n`;
}

function grantText({ kind, text, role, place, kept }: UnusedGrant): string {
  const what = kind === "rule" ? text : `${kind} ${text}`;
  const from = role === null ? "" : ` of role ${role}`;
  const where = place === null ? "" : ` (${placeText(place)})`;
  return printable(`${what}${from}${where}${kept === null ? "" : `: stays, since ${kept}`}`);
}
