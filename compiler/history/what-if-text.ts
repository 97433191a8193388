/** What would change, as people read it in a terminal. */
import { type Colour, type Paint, painter } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";
import { hang } from "../terminal/wrap.ts";
import type { Change, RecordRef, WhatIfReport } from "./what-if-report.ts";

export interface HistoryTextOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Text that ends in a line end; what agents wrote is inert in it. */
export function whatIfText(report: WhatIfReport, options: HistoryTextOptions): string {
  const paint = painter(options.colour);
  const width = Math.max(40, options.width);
  const { changes, decided, same, undecided, stopped, counted_here, not_recorded } = report;
  const lines = [
    ...changes.flatMap((change) => changeLines(change, paint, width)),
    ...(changes.length === 0 ? [] : [""]),
    hang(
      "",
      `decided again: ${requests(decided)}, of ${spanText(report)}; ${same} come to the same, ${decided - same} don't`,
      width,
    ),
    ...stoppedLines(stopped, width),
    ...undecided.map(({ why, count, example }) =>
      hang("  ", printable(`${count} not decided: ${why}; such as ${exampleText(example)}`), width),
    ),
    ...counted_here.map((text) =>
      hang("  ", printable(`no record holds a count of \`${text}\`: it was counted over these logs alone`), width),
    ),
    hang("  ", `on no record, so not decided: ${not_recorded.join("; ")}`, width),
  ];
  return `${lines.join("\n")}\n`;
}

export function spanText({ span }: Pick<WhatIfReport, "span">): string {
  const { records, logs, from, to, unreadable } = span;
  const bad = unreadable === 0 ? "" : `, and ${unreadable} lines that are no records`;
  const when = from === null || to === null ? "" : `, from ${from.slice(0, 16)}Z to ${to.slice(0, 16)}Z`;
  return `${records} records of ${logs} session${logs === 1 ? "" : "s"}${when}${bad}`;
}

const COLOURS: { readonly [kind in Change["kind"]]: Colour } = { denied: "red", asked: "yellow", allowed: "green" };

function changeLines(change: Change, paint: Paint, width: number): readonly string[] {
  const { kind, was, agent, action, count, reason, message, rules, example } = change;
  const word = `newly ${kind}`;
  const head = hang("", printable(`${word} ${agent} ${action}: ${requests(count)} ${WAS[was]} then`), width);
  return [
    paint(COLOURS[kind], word) + head.slice(word.length),
    hang("    ", printable(`${reason}: ${message}`), width),
    ...rules.map((text) => hang("    ", printable(text), width)),
    hang("    ", printable(`such as ${exampleText(example)}`), width),
  ];
}

const WAS = { allow: "allowed", ask: "put to people", deny: "denied" } as const;

function requests(count: number): string {
  return `${count} request${count === 1 ? "" : "s"}`;
}

function stoppedLines(stopped: WhatIfReport["stopped"], width: number): readonly string[] {
  if (stopped.length === 0) return [];
  const reasons = stopped.map(({ why, count }) => `${count} ${why}`).join(", ");
  return [hang("  ", printable(`stopped before any rule, as they would be again: ${reasons}`), width)];
}

function exampleText({ session, seq, at }: RecordRef): string {
  return `record ${seq} of ${session} (${at.slice(0, 19)}Z)`;
}
