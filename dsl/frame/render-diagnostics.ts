/** Diagnostics as a reader of a terminal sees them: what is wrong, where, with the line itself, and what to do. */
import type { Diagnostic, Source } from "../diagnostic.ts";
import { positionOf } from "../position.ts";
import { coloured, type Paint, uncoloured } from "./paint.ts";
import { type Mark, type Snippet, snippetOf } from "./snippet.ts";
import { visible } from "./visible.ts";
import { wrap } from "./wrap.ts";

export interface RenderOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Frames, one after the other with an empty line between; ends with a line end, empty without diagnostics. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  { colour, width }: RenderOptions,
): string {
  const texts = new Map(sources.map((source) => [source.name, source.text]));
  const paint = colour ? coloured : uncoloured;
  return diagnostics
    .map((diagnostic) => `${frame(diagnostic, texts, paint, Math.max(40, width)).join("\n")}\n`)
    .join("\n");
}

function frame(diagnostic: Diagnostic, texts: ReadonlyMap<string, string>, paint: Paint, width: number): string[] {
  const places = placesOf(diagnostic, texts);
  const last = Math.max(0, ...places.flatMap(({ lines }) => lines.map(({ at }) => at)));
  const margin = String(last).length;
  const body = places.flatMap((place, index) => placeLines(place, index === 0, margin, diagnostic.level, paint, width));
  const help = [...example(diagnostic, margin, paint, width), ...advice(diagnostic, margin, paint, width)];
  const rule =
    places.some(({ lines }) => lines.length > 0) && help.length > 0 ? [paint.frame(`${" ".repeat(margin)} |`)] : [];
  return [...title(diagnostic, paint, width), ...body, ...rule, ...help];
}

function title({ level, code, message }: Diagnostic, paint: Paint, width: number): string[] {
  const head = `${level}[${visible(code)}]`;
  const [first = "", ...rest] = wrap(`${head}: ${visible(message)}`, width - 2);
  const coloredFirst = paint.level(head, level) + paint.strong(first.slice(head.length));
  return [coloredFirst, ...rest.map((line) => paint.strong(`  ${line}`))];
}

/** `note:` under the frame: the request that shows what is meant. */
function example({ witness }: Diagnostic, margin: number, paint: Paint, width: number): string[] {
  return witness === undefined ? [] : footnote("note: ", witness, margin, paint, width);
}

/** `help:` under the frame; a fix that nothing else tells of stands there too. */
function advice({ help, fix }: Diagnostic, margin: number, paint: Paint, width: number): string[] {
  const text = help ?? fix?.title ?? null;
  return text === null ? [] : footnote("help: ", text, margin, paint, width);
}

/** A text of several lines is laid out already, to be copied: none of them is broken. */
function footnote(word: string, text: string, margin: number, paint: Paint, width: number): string[] {
  const lead = `${" ".repeat(margin)} = `;
  const own = text.split("\n").map(visible);
  const lines = own.length > 1 ? own : wrap(own.join(""), width - lead.length - word.length);
  const indent = " ".repeat(lead.length + word.length);
  return lines.map((line, index) => (index === 0 ? paint.frame(lead) + word : indent) + line);
}

// -- places -----------------------------------------------------------------------------------------------------

/** The lines of one source that a diagnostic shows. */
interface Place {
  readonly name: string;
  readonly text: string | null;
  readonly first: number;
  readonly lines: readonly { readonly at: number; readonly marks: readonly Mark[] }[];
}

/** The source of the mistake first, then others in the order in which they are named. */
function placesOf(diagnostic: Diagnostic, texts: ReadonlyMap<string, string>): Place[] {
  const all = [
    { span: diagnostic.span, label: diagnostic.label, sign: "^" as const },
    ...diagnostic.related.map(({ span, label }) => ({ span, label, sign: "-" as const })),
  ];
  const names = new Set(all.map(({ span }) => span.source));
  return [...names].map((name) => {
    const text = texts.get(name) ?? null;
    const marks = all
      .filter(({ span }) => span.source === name)
      .map(({ span, label, sign }): Mark => ({ ...span, label, sign }));
    return { name, text, first: marks[0]?.start ?? 0, lines: text === null ? [] : byLine(text, marks) };
  });
}

function byLine(text: string, marks: readonly Mark[]): Place["lines"] {
  const lines = new Map<number, Mark[]>();
  for (const mark of marks) {
    const { line } = positionOf(text, Math.min(mark.start, text.length));
    lines.set(line, [...(lines.get(line) ?? []), mark]);
  }
  return [...lines].map(([at, found]) => ({ at, marks: found })).toSorted((left, right) => left.at - right.at);
}

function placeLines(
  place: Place,
  isFirst: boolean,
  margin: number,
  level: Diagnostic["level"],
  paint: Paint,
  width: number,
): string[] {
  const blank = " ".repeat(margin);
  const arrow = isFirst ? "-->" : ":::";
  if (place.text === null) return [`${paint.frame(`${blank}${arrow}`)} ${visible(place.name)}`];
  const { line, column } = positionOf(place.text, place.first);
  const lines = [
    `${paint.frame(`${blank}${arrow}`)} ${visible(place.name)}:${line}:${column}`,
    paint.frame(`${blank} |`),
  ];
  let before = 0;
  for (const { at, marks } of place.lines) {
    if (before !== 0 && at > before + 1) lines.push(paint.frame("..."));
    lines.push(...snippetLines(snippetOf(place.text, marks, width - margin - 3), margin, level, paint));
    before = at;
  }
  return lines;
}

function snippetLines(
  { line, text, below }: Snippet,
  margin: number,
  level: Diagnostic["level"],
  paint: Paint,
): string[] {
  const gutter = paint.frame(`${String(line).padStart(margin)} |`);
  const under = paint.frame(`${" ".repeat(margin)} |`);
  const marks = below.map(({ indent, signs, label, mark }) => {
    const painted = mark.sign === "^" ? paint.level(signs + label, level) : paint.frame(signs + label);
    return `${under} ${" ".repeat(indent)}${painted}`;
  });
  return [`${gutter} ${text}`.trimEnd(), ...marks];
}
