/** The matrix for a terminal: actions down, agents across, as many agents in one band as the width takes. */
import { placeText } from "../place-of.ts";
import { type Paint, painter, printable, tierColour } from "../terminal/paint.ts";
import { hang, wrap } from "../terminal/wrap.ts";
import { type CellPart, cellParts, groupOf, isEmpty, LEGEND, partText } from "./cell-text.ts";
import type { Cell, Matrix } from "./matrix.ts";

export interface MatrixTextOptions {
  readonly colour: boolean;
  /** Columns of the terminal; 80 where it isn't known. */
  readonly width: number;
}

interface Layout {
  readonly paint: Paint;
  readonly width: number;
  readonly actionWidth: number;
  readonly cellWidth: number;
  /** Numbers of the limits that stand below. */
  readonly notes: ReadonlyMap<string, number>;
}

const GAP = "  ";

/** The whole matrix as text that ends in a line end. */
export function matrixText(matrix: Matrix, options: MatrixTextOptions): string {
  const layout = layoutOf(matrix, options);
  const parts = [title(matrix, layout), ...bands(matrix, layout).map((agents) => band(matrix, agents, layout))];
  const limits = limitNotes(matrix, layout);
  return `${[...parts, ...(limits === "" ? [] : [limits]), legend(layout)].join("\n\n")}\n`;
}

function layoutOf(matrix: Matrix, options: MatrixTextOptions): Layout {
  const width = Math.max(40, options.width);
  const notes = notesOf(matrix);
  const actions = matrix.actions.map((action) => 2 + rest(action.name).length);
  const actionWidth = Math.min(Math.max(8, ...actions), Math.floor(width * 0.4));
  const names = Math.max(7, ...matrix.agents.map((agent) => agent.name.length));
  const room = width - actionWidth;
  const widest = (measure: (words: readonly Word[]) => number): number => {
    const words = matrix.cells.flat().map((cell) => measure(cellWords(cell, notes)));
    return Math.min(Math.max(names, ...words), Math.min(28, room - GAP.length));
  };
  const [narrow, wide] = [widest(longest), widest(inOneLine)];
  const fits = (cell: number): number => Math.min(matrix.agents.length, Math.floor(room / (cell + GAP.length)));
  const cellWidth = fits(wide) < fits(narrow) ? narrow : wide;
  return { paint: painter(options.colour), width, actionWidth, cellWidth, notes };
}

/** Limits are numbered in the order in which the matrix first shows them. */
function notesOf(matrix: Matrix): ReadonlyMap<string, number> {
  const shown = matrix.actions.flatMap((_, action) =>
    matrix.cells.flatMap((row) => (row[action] === undefined || isEmpty(row[action]) ? [] : row[action].limits)),
  );
  const numbered = [...new Set(shown)].filter((id) => !matrix.limits_on_all.includes(id));
  return new Map(numbered.map((id, index) => [id, index + 1]));
}

function title(matrix: Matrix, { paint }: Layout): string {
  const size = `${matrix.agents.length} ${plural("agent", matrix.agents.length)} × ${matrix.actions.length} ${plural("action", matrix.actions.length)}`;
  return `${paint("bold", printable(matrix.policy))}  ${paint("dim", size)}`;
}

/** Indexes of agents, so many at a time as fit beside the names of the actions. */
function bands(matrix: Matrix, layout: Layout): readonly (readonly number[])[] {
  const room = layout.width - layout.actionWidth;
  const size = Math.max(1, Math.floor(room / (layout.cellWidth + GAP.length)));
  const count = Math.ceil(matrix.agents.length / size);
  return Array.from({ length: count }, (_, index) =>
    matrix.agents.map((_agent, agent) => agent).slice(index * size, (index + 1) * size),
  );
}

function band(matrix: Matrix, agents: readonly number[], layout: Layout): string {
  const heads = agents.map((agent) => pad(clip(matrix.agents[agent]?.name ?? "", layout.cellWidth), layout.cellWidth));
  const head = " ".repeat(layout.actionWidth) + heads.map((name) => GAP + layout.paint("bold", name)).join("");
  const rule = layout.paint("dim", "─".repeat(layout.actionWidth + agents.length * (layout.cellWidth + GAP.length)));
  const lines = [head.trimEnd(), rule];
  let group = "";
  matrix.actions.forEach((action, index) => {
    const cells = agents.map((agent) => matrix.cells[agent]?.[index]).filter((cell) => cell !== undefined);
    if (groupOf(action.name) !== group && action.name.includes("."))
      lines.push(layout.paint("bold", groupOf(action.name)));
    group = groupOf(action.name);
    lines.push(...row(action.name, cells, layout));
  });
  return lines.join("\n");
}

/** The lines of one action: its name beside the cells, each as tall as it needs. */
function row(action: string, cells: readonly Cell[], layout: Layout): readonly string[] {
  const name = wrap(rest(action), layout.actionWidth - 2).map((line) => (action.includes(".") ? `  ${line}` : line));
  const columns = cells.map((cell) => cellLines(cell, layout));
  const height = Math.max(name.length, ...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const shown = columns.map((lines) => GAP + (lines[line] ?? " ".repeat(layout.cellWidth)));
    return (pad(name[line] ?? "", layout.actionWidth) + shown.join("")).trimEnd();
  });
}

interface Word {
  readonly text: string;
  readonly part: CellPart | null;
}

function cellWords(cell: Cell, notes: ReadonlyMap<string, number>): readonly Word[] {
  const words = cellParts(cell.outcomes).map((part): Word => ({ text: partText(part), part }));
  const noted = isEmpty(cell) ? [] : cell.limits.map((id) => notes.get(id)).filter((number) => number !== undefined);
  const numbers = noted.map((number) => `[${number}]`);
  const marks: readonly Word[] = numbers.length === 0 ? [] : [{ text: numbers.join(""), part: null }];
  return [...words, ...marks];
}

function longest(words: readonly Word[]): number {
  return Math.max(0, ...words.map((word) => word.text.length + 2));
}

/** The width that a short cell takes without a break; a long one is broken all the same. */
function inOneLine(words: readonly Word[]): number {
  const line = words.reduce((width, word) => width + word.text.length + (word.part === null ? 1 : 3), -3);
  return Math.max(longest(words), Math.min(line, 22));
}

/** Outcomes joined by `|`, broken between them where the column ends, each line padded to the column. */
function cellLines(cell: Cell, layout: Layout): readonly string[] {
  const lines: { width: number; text: string }[] = [];
  cellWords(cell, layout.notes).forEach((word, index) => {
    for (const [nth, piece] of wrap(word.text, layout.cellWidth - 2).entries()) {
      const joint = nth > 0 ? "  " : index === 0 ? "" : word.part === null ? " " : " | ";
      const last = lines.at(-1);
      const painted = layout.paint(word.part === null ? "dim" : tierColour(word.part.tier), piece);
      if (last === undefined) lines.push({ width: piece.length, text: painted });
      else if (nth === 0 && last.width + joint.length + piece.length <= layout.cellWidth) {
        last.text += joint + painted;
        last.width += joint.length + piece.length;
      } else {
        const lead = word.part === null || nth > 0 ? "  " : "| ";
        lines.push({ width: lead.length + piece.length, text: lead + painted });
      }
    }
  });
  return lines.map((line) => line.text + " ".repeat(Math.max(0, layout.cellWidth - line.width)));
}

function limitNotes(matrix: Matrix, layout: Layout): string {
  const common = matrix.limits_on_all.map((id): [string, string] => [id, "[all] "]);
  const numbered = [...layout.notes].map(([id, number]): [string, string] => [id, `[${number}] `]);
  const lines = [...common, ...numbered].map(([id, prefix]) => {
    const rule = matrix.rules[id];
    const where = [rule?.block, placeText(rule?.place ?? null)].filter((part) => part !== "").join(", ");
    return hang(prefix, printable(`${rule?.text ?? ""} (${where})`), layout.width);
  });
  return lines.join("\n");
}

/** As many words of the legend in a line as fit. */
function legend({ paint, width }: Layout): string {
  const words = LEGEND.map(([tier, meaning]) => ({
    word: tier === "none" ? "–" : tier,
    colour: tierColour(tier),
    meaning,
  }));
  const marks = ["| depends on the request", "[1] a limit counts it"].map((text) => ({
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
  return action === group ? action : action.slice(group.length + 1);
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - text.length));
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}
