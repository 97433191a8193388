/** `check --explain AP4002`: the page of a finding, or what may have been meant. */
import { RISKS, servedRisks } from "../../compiler/index.ts";
import { usage } from "../failure.ts";
import { nearest } from "../nearest.ts";
import { colours, print, widthOf } from "../terminal.ts";
import { pageCodes, readPage } from "./page.ts";
import { pageText } from "./page-text.ts";

const WIDEST = 80;
/** One digit off is another finding, about something else. */
const UNKNOWN_CODE = "`docs/diagnostics/README.md` lists them all";

export function explainCode(typed: string): void {
  const code = /^\d{4}$/.test(typed) ? `AP${typed}` : typed.toUpperCase();
  const page = readPage(code);
  if (page === null)
    throw usage(`there is no finding \`${typed}\``, /^AP\d{4}$/.test(code) ? UNKNOWN_CODE : nearest(code, pageCodes()));
  const width = Math.min(WIDEST, widthOf("stdout"));
  print(pageText(page + servesText(code), { colours: colours("stdout"), width }));
}

function servesText(code: string): string {
  const risks = RISKS.filter(({ id }) => servedRisks(code).includes(id));
  if (risks.length === 0) return "";
  return `\n## OWASP Agentic Top 10\n\n${risks.map(({ id, name }) => `- ${id} ${name}`).join("\n")}\n`;
}
