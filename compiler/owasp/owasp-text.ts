/** The report as a terminal shows it. Nothing is wider than the terminal but a name that is. */
import { placeText } from "../place-of.ts";
import { type Paint, painter } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";
import { hang } from "../terminal/wrap.ts";
import type { OwaspReport, RiskReport } from "./owasp-report.ts";
import type { Evidence, Gap, Measure } from "./policy-view.ts";

export interface OwaspTextOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** More pieces of evidence than this are counted; JSON has them all. */
const SHOWN = 4;

export function owaspText(report: OwaspReport, { colour, width }: OwaspTextOptions): string {
  const paint = painter(colour);
  const title = `${printable(report.policy)} and the OWASP Top 10 for Agentic Applications 2026`;
  const risks = report.risks.map((risk) => riskLines(risk, paint, width).join("\n"));
  return `${[hang("", title, width), ...risks, totals(report)].join("\n\n")}\n`;
}

function totals({ risks }: OwaspReport): string {
  const count = (open: RiskReport["open"]): number => open.length;
  const measures = risks.reduce((sum, risk) => sum + risk.enforced.length, 0);
  const gaps = risks.reduce((sum, risk) => sum + count(risk.open), 0);
  return `${measures} measures enforced, ${gaps} things left open`;
}

function riskLines(risk: RiskReport, paint: Paint, width: number): readonly string[] {
  const open = risk.open.length === 0 ? ["    nothing that the compiler can see"] : [];
  const enforced = risk.enforced.length === 0 ? ["    nothing"] : [];
  return [
    paint("bold", `${risk.id}  ${risk.name}`),
    `  ${paint("green", "enforced")}`,
    ...enforced,
    ...risk.enforced.flatMap((measure) => measureLines(measure, paint, width)),
    `  ${paint("yellow", "left open")}`,
    ...open,
    ...risk.open.flatMap((gap) => gapLines(gap, paint, width)),
    `  ${paint("dim", "beyond any policy")}`,
    hang("    ", risk.beyond, width),
  ];
}

function measureLines({ what, evidence }: Measure, paint: Paint, width: number): readonly string[] {
  const rest = evidence.length - SHOWN;
  return [
    hang("    + ", what, width),
    ...evidence.slice(0, SHOWN).map((one) => paint("dim", evidenceText(one, width))),
    ...(rest > 0 ? [paint("dim", `        and ${rest} more`)] : []),
  ];
}

function evidenceText({ text, block, place }: Evidence, width: number): string {
  const where = [block, placeText(place)].filter((part) => part !== null && part !== "").join(", ");
  return hang("        ", printable(where === "" ? text : `${text} (${where})`), width);
}

function gapLines({ what, help, code, place }: Gap, paint: Paint, width: number): readonly string[] {
  const where = place === null ? "" : ` (${placeText(place)})`;
  const lead = code === null ? "" : `${code} `;
  return [
    hang("    - ", printable(`${lead}${what}${where}`), width),
    ...(help === null ? [] : [paint("dim", hang("        ", printable(help), width))]),
  ];
}
