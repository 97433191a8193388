/** Text inside HTML. */
import { printableLines } from "../terminal/printable.ts";

/** HTML that is known to be safe: made by {@link html}, never by joining strings. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

/** A template of HTML: every value is escaped, for text and quoted attributes alike, unless it is itself HTML. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((text, string, index) => text + partHtml(parts[index - 1] ?? "") + string) };
}

function partHtml(part: Part): string {
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return "html" in part ? part.html : part.map((one) => one.html).join("");
}

/** Hidden and bidirectional characters are shown as what they are, so that no name can reorder a line. */
function escapeHtml(text: string): string {
  return printableLines(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
