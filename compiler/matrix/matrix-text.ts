/** The matrix for a terminal: actions down, agents across, as many agents in one band as the width takes. */
import { placeText } from "../place-of.ts";
import { type Paint, painter, tierColour } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";
import { hang, wrap } from "../terminal/wrap.ts";
import { cellLines, cellWords, inOneLine, longestWord, type Notes, pad } from "./cell-lines.ts";
import { cellParts, counted, doubtText, groupOf, LEGEND, partText, shownLimits } from "./cell-text.ts";
import { type Column, columnsOf, GAP } from "./column-widths.ts";
import type { Matrix } from "./matrix.ts";
import { becomingText, callText, type MatrixBecoming } from "./reach.ts";

export interface MatrixTextOptions {
  readonly colour: boolean;
  /** Columns of the terminal; 80 where it isn't known. */
  readonly width: number;
}

interface Layout {
  readonly paint: Paint;
  readonly width: number;
  readonly actionWidth: number;
  readonly notes: Notes;
}

/** The whole matrix as text that ends in a line end. */
export function matrixText(matrix: Matrix, options: MatrixTextOptions): string {
  const layout = layoutOf(matrix, options);
  const parts = [title(matrix, layout), ...bands(matrix, layout).map((columns) => band(matrix, columns, layout))];
  const notes = [reachNotes(matrix, layout), footnotes(matrix, layout)].filter((text) => text !== "");
  return `${[...parts, ...notes, legend(layout)].join("\n\n")}\n`;
}

function layoutOf(matrix: Matrix, options: MatrixTextOptions): Layout {
  const width = Math.max(40, options.width);
  const actions = matrix.actions.map((action) => 2 + rest(action.name).length);
  const actionWidth = Math.min(Math.max(8, ...actions), Math.floor(width * 0.4));
  return { paint: painter(options.colour), width, actionWidth, notes: notesOf(matrix) };
}

/** Limits are numbered, and doubts lettered, in the order in which the matrix first shows them. */
function notesOf(matrix: Matrix): Notes {
  const cells = new Set(matrix.actions.flatMap((_, action) => matrix.cells.flatMap((row) => row[action] ?? [])));
  const limits = new Set([...cells].flatMap((cell) => shownLimits(matrix, cell)));
  const doubts = new Set([...cells].flatMap(({ doubt }) => (doubt === null ? [] : [doubtText(doubt)])));
  return {
    limits: new Map([...limits].map((id, index) => [id, index + 1])),
    doubts: new Map([...doubts].map((text, index) => [text, letters(index)])),
  };
}

/** a, b, … z, aa, ab, … */
function letters(index: number): string {
  const last = String.fromCodePoint(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}

function title(matrix: Matrix, { paint }: Layout): string {
  const size = `${counted(matrix.agents.length, "agent")} × ${counted(matrix.actions.length, "action")}`;
  return `${paint("bold", printable(matrix.policy))}  ${paint("dim", size)}`;
}

function bands(matrix: Matrix, layout: Layout): readonly (readonly Column[])[] {
  const needs = matrix.agents.map((agent, index) => {
    const cells = (matrix.cells[index] ?? []).map((cell) => cellWords(matrix, cell, layout.notes));
    return {
      least: Math.max(7, agent.name.length, ...cells.map(longestWord)),
      full: Math.max(7, agent.name.length, ...cells.map(inOneLine)),
    };
  });
  return columnsOf(needs, layout.width - layout.actionWidth);
}

function band(matrix: Matrix, columns: readonly Column[], layout: Layout): string {
  const heads = columns.map(({ agent, width }) => pad(clip(matrix.agents[agent]?.name ?? "", width), width));
  const head = " ".repeat(layout.actionWidth) + heads.map((name) => GAP + layout.paint("bold", name)).join("");
  const wide = columns.reduce((sum, column) => sum + GAP.length + column.width, layout.actionWidth);
  const lines = [head.trimEnd(), layout.paint("dim", "─".repeat(wide))];
  let group = "";
  matrix.actions.forEach((action, index) => {
    const cells = columns.map(({ agent, width }) => {
      const cell = matrix.cells[agent]?.[index];
      return cell === undefined ? [] : cellLines(cellWords(matrix, cell, layout.notes), width, layout.paint);
    });
    if (groupOf(action.name) !== group && action.name.includes("."))
      lines.push(layout.paint("bold", printable(groupOf(action.name))));
    group = groupOf(action.name);
    lines.push(...row(action.name, cells, columns, layout.actionWidth));
  });
  return lines.join("\n");
}

/** The lines of one action: its name beside the cells, each as tall as it needs. */
function row(
  action: string,
  cells: readonly (readonly string[])[],
  columns: readonly Column[],
  actionWidth: number,
): readonly string[] {
  const name = wrap(rest(action), actionWidth - 2).map((line) => (action.includes(".") ? `  ${line}` : line));
  const height = Math.max(name.length, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const shown = columns.map(({ width }, index) => GAP + (cells[index]?.[line] ?? " ".repeat(width)));
    return (pad(name[line] ?? "", actionWidth) + shown.join("")).trimEnd();
  });
}

/** Who may call whom, and which roles can be had for a time, with what they change. */
function reachNotes({ agents }: Matrix, { paint, width }: Layout): string {
  const lines = agents.flatMap(({ name, may_call, may_become }) => {
    const becoming = may_become.map((one) => becomingText(one) + gainsText(one));
    return [...may_call.map(callText), ...becoming].map((text, index) => {
      const prefix = `${index === 0 ? name : " ".repeat(name.length)} `;
      return hang(prefix, printable(text), width).replace(name, paint("bold", name));
    });
  });
  return lines.join("\n");
}

function gainsText({ gains }: MatrixBecoming): string {
  if (gains.length === 0) return ", which changes nothing";
  const texts = gains.map(({ action, outcomes, doubt }) => {
    const more = doubt === null ? "" : `, and ${doubtText(doubt)}`;
    return `${action} ${cellParts(outcomes).map(partText).join(" | ")}${more}`;
  });
  return `: ${texts.join("; ")}`;
}

function footnotes(matrix: Matrix, layout: Layout): string {
  const common = matrix.limits_on_all.map((id): [string, string] => [id, "[all] "]);
  const numbered = [...layout.notes.limits].map(([id, number]): [string, string] => [id, `[${number}] `]);
  const lines = [...common, ...numbered].map(([id, prefix]) => {
    const rule = matrix.rules[id];
    const where = [rule?.block, placeText(rule?.place ?? null)].filter((part) => part !== "").join(", ");
    return hang(prefix, printable(`${rule?.text ?? ""} (${where})`), layout.width);
  });
  const doubts = [...layout.notes.doubts].map(([text, letter]) => hang(`[${letter}] `, printable(text), layout.width));
  return [...lines, ...doubts].join("\n");
}

/** As many words of the legend in a line as fit. */
function legend({ paint, width, notes }: Layout): string {
  const words = LEGEND.map(([tier, meaning]) => ({
    word: tier === "none" ? "–" : tier,
    colour: tierColour(tier),
    meaning,
  }));
  const doubtful = notes.doubts.size === 0 ? [] : ["[a] not all could be told"];
  const marks = ["| depends on the request", "[1] a limit counts it", ...doubtful].map((text) => ({
    word: "",
    colour: "dim" as const,
    meaning: text,
  }));
  const lines: { width: number; text: string }[] = [];
  for (const { word, colour, meaning } of [...words, ...marks]) {
    const plain = word === "" ? meaning : `${word} ${meaning}`;
    const painted = word === "" ? meaning : `${paint(colour, word)} ${meaning}`;
    const last = lines.at(-1);
    if (last === undefined || last.width + plain.length + 3 > width) lines.push({ width: plain.length, text: painted });
    else lines[lines.length - 1] = { width: last.width + plain.length + 3, text: `${last.text} · ${painted}` };
  }
  return lines.map((line) => line.text).join("\n");
}

function rest(action: string): string {
  const group = groupOf(action);
  return printable(action === group ? action : action.slice(group.length + 1));
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
