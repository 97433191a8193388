/** What goes to the screen: data on stdout, everything about the run on stderr, colour only where a person looks. */
import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";
import { hangingLines } from "./hanging-lines.ts";
import { visibleJson } from "./inert.ts";

export type Stream = "stdout" | "stderr";
export type Colours = ReturnType<typeof pc.createColors>;

/** Colour for one stream: `NO_COLOR` and pipes get none, `FORCE_COLOR` gets it anyway. */
export function isColoured(stream: Stream): boolean {
  if (process.env["NO_COLOR"]) return false;
  if (process.env["FORCE_COLOR"]) return process.env["FORCE_COLOR"] !== "0";
  // Node's types promise a boolean; a pipe has undefined, which picocolors takes as "decide yourself".
  const output: { isTTY?: boolean } = process[stream];
  return output.isTTY === true && process.env["TERM"] !== "dumb";
}

export function colours(stream: Stream): Colours {
  return pc.createColors(isColoured(stream));
}

/** Columns to fill: the terminal's, else `COLUMNS`, else 100. */
export function widthOf(stream: Stream): number {
  const columns = process[stream].isTTY ? process[stream].columns : Number(process.env["COLUMNS"] ?? 0);
  return columns > 20 ? Math.min(columns, 140) : 100;
}

export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(visibleJson(JSON.stringify(value, null, 2)));
}

/** Columns for sentences: the terminal's, else `COLUMNS`, else 80. */
function textWidth(stream: Stream): number {
  const columns = process[stream].isTTY ? process[stream].columns : Number(process.env["COLUMNS"] ?? 0);
  return columns > 20 ? columns : 80;
}

/** Sentences for people on stderr, further lines indented. Nothing is cut: what has no space stands whole. */
export function noteText(text: string, indent = "  "): void {
  note(hangingLines(text, textWidth("stderr"), indent).join("\n"));
}

/** Sentences that are a command's answer, on stdout. */
export function printText(text: string): void {
  print(hangingLines(text, textWidth("stdout"), "  ").join("\n"));
}

/** What reads a pipe gets data in lines as long as they are; a terminal gets them in its columns. */
function dataWidth(): number {
  return process.stdout.isTTY || process.env["COLUMNS"] !== undefined ? textWidth("stdout") : Infinity;
}

/** One line of data, in two where the terminal is too narrow for it, the second further in than the first. */
export function printBeside(left: string, right: string): void {
  const line = `${left}  ${right}`;
  const indent = `${/^ */.exec(left)?.[0] ?? ""}    `;
  print(stripVTControlCharacters(line).length <= dataWidth() ? line : `${left}\n${indent}${right}`);
}

/** Data with somebody's sentences in it; further lines are indented. */
export function printData(text: string, indent: string): void {
  print(hangingLines(text, dataWidth(), indent).join("\n"));
}

/** Progress and findings; never mixed into data. */
export function note(text: string): void {
  process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
}
