/** A session step by step, as people read it in a terminal. */
import { type Colour, type Paint, painter } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";
import { hang } from "../terminal/wrap.ts";
import type { Outcome } from "./recorded-decision.ts";
import type { Step } from "./session-steps.ts";
import type { HistoryTextOptions } from "./what-if-text.ts";

const COLOURS: { readonly [outcome in Outcome]: Colour } = { allow: "green", ask: "yellow", deny: "red" };

/** Text that ends in a line end; what agents and people wrote is inert in it, and whole. */
export function sessionText(steps: readonly Step[], options: HistoryTextOptions): string {
  const paint = painter(options.colour);
  const width = Math.max(40, options.width);
  const agents = new Set(steps.map(({ agent }) => agent));
  let day = "";
  const lines = steps.flatMap((step) => {
    const before = day;
    day = step.at.slice(0, 10);
    const heading = day === before ? [] : [paint("bold", `${day}, UTC`)];
    return [...heading, ...stepLines(step, agents.size > 1, paint, width)];
  });
  return `${lines.join("\n")}\n`;
}

function stepLines(step: Step, naming: boolean, paint: Paint, width: number): readonly string[] {
  const mark = step.outcome ?? "";
  const prefix = `${step.at.slice(11, 23)} ${String(step.seq).padStart(4)} ${mark.padEnd(5)} `;
  const who = naming ? `${step.agent}: ` : "";
  const head = hang(prefix, printable(`${who}${step.what}`), width);
  const coloured = step.outcome === null ? head : head.replace(mark, paint(COLOURS[step.outcome], mark));
  return [coloured, ...step.details.map(({ name, text }) => detailText(name, text, paint, width))];
}

function detailText(name: string, text: string, paint: Paint, width: number): string {
  const indent = " ".repeat(24);
  const [shown, beside] = [printable(text), `${indent}${printable(name)} `];
  const lines = hang(beside, shown, width);
  // An id that doesn't fit beside its name stands below it, in one piece.
  const isWide = lines.split("\n").some((line) => line.length > width);
  return (isWide ? `${beside.trimEnd()}\n${hang(indent, shown, width)}` : lines).replace(name, paint("dim", name));
}
