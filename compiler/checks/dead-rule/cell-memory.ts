/**
 * What was found out of cells, for who checks again and again: a cell with the same content is decided alike, and needs
 * no second look. Keeps what the last check came by.
 */
import type { Table } from "../../../engine/index.ts";
import type { Effort } from "../../analysis/space/cell.ts";

export interface CellMemory {
  /** By content. */
  entries: Map<string, CellEntry>;
}

/** Of one cell. */
export interface CellEntry {
  /** Ids of the rules that take part; null where nothing can be said of it, undefined before anybody looked. */
  told: readonly string[] | null | undefined;
  readonly answers: Map<string, Remembered>;
}

interface Remembered {
  readonly answer: boolean | string | null;
  /** What finding it out took of the policy's effort. */
  readonly cost: number;
}

export function createCellMemory(): CellMemory {
  return { entries: new Map() };
}

/** Gives the answer that was found before, at the price that it had then: so a second check says what a first would. */
export function remembered<Answer extends boolean | string | null>(
  { answers }: CellEntry,
  effort: Effort,
  question: string,
  find: () => Answer,
): Answer {
  const known = answers.get(question);
  if (known !== undefined && known.cost <= effort.left) {
    effort.left -= known.cost;
    return known.answer as Answer;
  }
  const before = effort.left;
  const answer = find();
  // What was broken off may come out otherwise.
  if (effort.left > 0) answers.set(question, { answer, cost: before - effort.left });
  return answer;
}

/** All of a table that the content of a cell may rest on besides its action, agent and rules. */
export function vocabularyOf({ body }: Table): string {
  const { blocks: _, actions: __, agents: ___, ...rest } = body;
  return JSON.stringify(rest);
}
