/** What must hold of any text: it is read, checked, shown and laid out without throwing, and laid out it means the same. */
import { compile } from "../../compiler/index.ts";
import { type Diagnostic, parse, print, renderDiagnostics, type Source } from "../../dsl/index.ts";

/** What became of an input, for the report. */
export interface Held {
  readonly findings: number;
  readonly sound: boolean;
}

/** Throws where something doesn't hold; the message says what. Each step lets go of what the one before it needed. */
export function hold(text: string): Held {
  const source = { name: "fuzz.agentpolicy", text };
  const { findings, hash } = check(source);
  const printed = layOut(source);
  if (printed !== null) readAgain(source, printed);
  if (printed !== null && hash !== null && check({ ...source, text: printed }).hash !== hash) {
    throw new Error("laying out changed the table");
  }
  return { findings, sound: hash !== null };
}

function check(source: Source): { readonly findings: number; readonly hash: string | null } {
  const { diagnostics, table } = compile([source], { today: Date.UTC(2026, 10, 21) });
  for (const diagnostic of diagnostics) checkSpans(diagnostic, source.text.length);
  if ((table === null) !== diagnostics.some(isError)) throw new Error("a table with errors, or none without");
  renderDiagnostics(diagnostics.slice(0, 200), [source], { colour: false, width: 100 });
  return { findings: diagnostics.length, hash: table?.hash ?? null };
}

function checkSpans({ span, related, fix }: Diagnostic, length: number): void {
  const spans = [span, ...related.map((one) => one.span), ...(fix?.edits ?? []).map((edit) => edit.span)];
  for (const { start, end } of spans) {
    if (start < 0 || end < start || end > length) throw new Error(`a span reaches out of the text: ${start}-${end}`);
  }
}

/** The text as the formatter writes it; null where it has an error, of which only the tree is printed. */
function layOut(source: Source): string | null {
  const { file, diagnostics } = parse(source);
  const printed = print(file);
  return diagnostics.some(isError) ? null : printed;
}

/** What the formatter promises: its text reads, it leaves it as it is, and no comment is lost. */
function readAgain(source: Source, printed: string): void {
  const { file, diagnostics } = parse({ name: source.name, text: printed });
  const mistake = diagnostics.find(isError);
  if (mistake !== undefined) throw new Error(`what was laid out doesn't read: ${mistake.message}`);
  if (print(file) !== printed) throw new Error("laying out again changes the text");
  const before = parse(source).file.comments.map(({ text }) => text);
  if (file.comments.map(({ text }) => text).join("\n") !== before.join("\n"))
    throw new Error("a comment was lost or moved");
}

function isError({ level }: Diagnostic): boolean {
  return level === "error";
}
