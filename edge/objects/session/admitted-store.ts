/**
 * What was admitted in this session, for `session did`. Of the arguments only a MAC for each is kept: enough to tell
 * equal from different, and nothing that erasing a person's data would have to find.
 */
import { argumentsMac } from "../../records/seal-record.ts";

export const ADMITTED_SCHEMA = `
  CREATE TABLE IF NOT EXISTS admitted (seq INTEGER PRIMARY KEY, action TEXT NOT NULL, at INTEGER NOT NULL, fields TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS admitted_action ON admitted (action, at);
`;

type Fields = { readonly [name: string]: string };

/** @param args what the engine's `canonicalArgs` gives */
export function noteAdmitted(sql: SqlStorage, key: string, action: string, args: string, at: number): void {
  const values = Object.entries(JSON.parse(args) as { readonly [name: string]: unknown });
  const fields = Object.fromEntries(values.map(([name, value]) => [name, argumentsMac(key, JSON.stringify(value))]));
  sql.exec("INSERT INTO admitted (action, at, fields) VALUES (?, ?, ?)", action, at, JSON.stringify(fields));
}

/**
 * Was the action admitted, with these arguments equal, within so long?
 * @param question `same` as in the remainder: canonical JSON of an object by argument name, or null
 */
export function wasAdmitted(
  sql: SqlStorage,
  key: string,
  question: { readonly action: string; readonly same: string | null; readonly within: number | null },
  now: number,
): boolean {
  const since = question.within === null ? -1 : now - question.within;
  const rows = sql
    .exec<{ fields: string }>("SELECT fields FROM admitted WHERE action = ? AND at >= ?", question.action, since)
    .toArray();
  if (question.same === null) return rows.length > 0;
  const wanted = Object.entries(JSON.parse(question.same) as { readonly [name: string]: unknown });
  const marks = wanted.map(([name, value]) => ({ name, mac: argumentsMac(key, JSON.stringify(value)) }));
  return rows.some((row) => {
    const fields = JSON.parse(row.fields) as Fields;
    return marks.every(({ name, mac }) => fields[name] === mac);
  });
}
