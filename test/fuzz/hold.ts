/** What must hold of any text: it is read, checked, shown and laid out without throwing, and laid out it means the same. */
import { compile, serializeTable } from "../../compiler/index.ts";
import { parse, print, renderDiagnostics, type Source } from "../../dsl/index.ts";

/** What became of an input, for the report. */
export interface Held {
  readonly findings: number;
  readonly sound: boolean;
}

/** Throws where something doesn't hold; the message says what. */
export function hold(text: string): Held {
  const source = { name: "fuzz.agentpolicy", text };
  const { diagnostics, table } = compile([source], { today: Date.UTC(2026, 10, 21) });
  for (const { span, related, fix } of diagnostics) {
    const spans = [span, ...related.map((one) => one.span), ...(fix?.edits ?? []).map((edit) => edit.span)];
    for (const { start, end } of spans) {
      if (start < 0 || end < start || end > text.length)
        throw new Error(`a span reaches out of the text: ${start}-${end}`);
    }
  }
  if ((table === null) !== diagnostics.some(({ level }) => level === "error")) throw new Error("a table with errors");
  renderDiagnostics(diagnostics.slice(0, 200), [source], { colour: false, width: 100 });
  layOut(source, table === null ? null : serializeTable(table));
  return { findings: diagnostics.length, sound: table !== null };
}

/** What the formatter promises: idempotent, no comment lost, and the same table but for its places. */
function layOut(source: Source, table: string | null): void {
  const { file, diagnostics } = parse(source);
  const printed = print(file);
  if (diagnostics.some(({ level }) => level === "error")) return;
  const again = parse({ name: source.name, text: printed });
  const mistake = again.diagnostics.find(({ level }) => level === "error");
  if (mistake !== undefined) throw new Error(`what was laid out doesn't read: ${mistake.message}`);
  if (print(again.file) !== printed) throw new Error("laying out again changes the text");
  if (textsOf(again.file.comments) !== textsOf(file.comments)) throw new Error("a comment was lost or moved");
  if (table === null) return;
  const after = compile([{ name: source.name, text: printed }]).table;
  if (after === null || hashOf(serializeTable(after)) !== hashOf(table))
    throw new Error("laying out changed the table");
}

function textsOf(comments: readonly { readonly text: string }[]): string {
  return comments.map(({ text }) => text).join("\n");
}

function hashOf(table: string): string | undefined {
  return /"hash":"([^"]*)"/.exec(table)?.[1];
}
