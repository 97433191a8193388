/**
 * The only way by which a table from outside comes in: format, shape, names and hashes are checked, and anything
 * unexpected refuses the whole table. A table that half of us understands is worse than none.
 */
import { TABLE_FORMAT, type Table } from "../table.ts";
import { bodyShape, placesShape } from "./body-shape.ts";
import { matching, objectOf, oneOf } from "./check.ts";
import { referenceProblem } from "./references.ts";

export type TableReading =
  | { readonly ok: true; readonly table: Table }
  | { readonly ok: false; readonly problem: string };

const hash = matching(/^sha256:[0-9a-f]{64}$/, "`sha256:` and 64 hex digits");

const tableShape = objectOf({
  format: oneOf(TABLE_FORMAT),
  hash,
  body: bodyShape,
  places_hash: hash,
  places: placesShape,
});

/**
 * Reads a parsed JSON value as a table. `problem` names the place and what is wrong there:
 * `body.actions[3].params[0].type.kind: must be one of string, int, …`.
 * `sha256Hex` gives 64 lower-case hex digits over the UTF-8 bytes of a text.
 * @param text what the value was parsed from, where it is at hand: then the body needn't be written again to be hashed
 */
export function readTable(value: unknown, sha256Hex: (text: string) => string, text?: string): TableReading {
  const problem = formatProblem(value) ?? tableShape(value);
  if (problem !== null) return refuse(problem);
  const table = value as Table;
  const mismatch = hashProblem(table, sha256Hex, text) ?? referenceProblem(table.body);
  return mismatch === null ? { ok: true, table } : refuse(mismatch);
}

/** A table of another format is told so, rather than which of its keys surprised us first. */
function formatProblem(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("format" in value)) return null;
  return value.format === TABLE_FORMAT
    ? null
    : `.format: must be ${TABLE_FORMAT}: compile the policy again with this version`;
}

function hashProblem(table: Table, sha256Hex: (text: string) => string, text: string | undefined): string | null {
  const isHashOf = (stated: string, part: string): boolean => stated === `sha256:${sha256Hex(part)}`;
  const places = JSON.stringify(table.places);
  const body = text === undefined ? null : bodyIn(text, table, places);
  if ((body === null || !isHashOf(table.hash, body)) && !isHashOf(table.hash, JSON.stringify(table.body)))
    return ".hash: doesn't fit the body: the table was changed or damaged, compile it again";
  return isHashOf(table.places_hash, places)
    ? null
    : ".places_hash: doesn't fit the places: the table was changed or damaged, compile it again";
}

/**
 * The text of the body where all around it is laid out as the compiler lays it out, else null. In JSON a name may stand
 * twice and the later one counts, so nothing but the places may stand behind what is hashed as the body.
 */
function bodyIn(text: string, { format, hash: stated, places_hash }: Table, places: string): string | null {
  const before = `{"format":${format},"hash":"${stated}","body":`;
  const after = `,"places_hash":"${places_hash}","places":${places}}`;
  const end = text.length - after.length;
  return text.startsWith(before) && text.endsWith(after) && before.length <= end
    ? text.slice(before.length, end)
    : null;
}

function refuse(problem: string): TableReading {
  const detail = problem.replace(/^[.:] ?/, "");
  return { ok: false, problem: problem.startsWith(":") ? `the table ${detail}` : detail };
}
