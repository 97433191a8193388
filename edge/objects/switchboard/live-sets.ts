/** Live sets and their history: what is in one, who put it there or took it out, when and why. */
import { personName } from "../../person-name.ts";
import type { EditSetInput, SetEdit } from "../../rpc.ts";
import { rows } from "../../rows.ts";

export const LIVE_SETS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS set_members (
    name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, value)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS set_edits (
    version INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
    reason TEXT NOT NULL, added TEXT NOT NULL, removed TEXT NOT NULL
  );
`;

/** Every agent's object keeps a copy of the sets that its sessions ask about. */
const MOST_MEMBERS = 10_000;
/** Newest edits that are shown. */
const SHOWN = 200;

export function membersOf(sql: SqlStorage, name: string): readonly string[] {
  return rows<{ readonly value: string }>(sql, "SELECT value FROM set_members WHERE name = ? ORDER BY value", name).map(
    ({ value }) => value,
  );
}

/** In a transaction. @returns what changed; null where the set would become too large, and nothing did */
export function editSet(
  sql: SqlStorage,
  input: EditSetInput,
  now: number,
): Pick<SetEdit, "version" | "added" | "removed"> | null {
  const { name, reason } = input;
  const before = new Set(membersOf(sql, name));
  const removed = [...new Set(input.remove)].filter((value) => before.has(value));
  const added = [...new Set(input.add)].filter((value) => !before.has(value));
  if (before.size - removed.length + added.length > MOST_MEMBERS) return null;
  for (const value of removed) sql.exec("DELETE FROM set_members WHERE name = ? AND value = ?", name, value);
  for (const value of added) sql.exec("INSERT INTO set_members (name, value) VALUES (?, ?)", name, value);
  sql.exec(
    "INSERT INTO set_edits (name, at, by, reason, added, removed) VALUES (?, ?, ?, ?, ?, ?)",
    name,
    now,
    personName(input.by),
    reason,
    JSON.stringify(added),
    JSON.stringify(removed),
  );
  return { version: setVersion(sql), added, removed };
}

export function setVersion(sql: SqlStorage): number {
  return sql.exec<{ version: number | null }>("SELECT max(version) AS version FROM set_edits").one().version ?? 0;
}

interface EditRow extends Omit<SetEdit, "at" | "added" | "removed"> {
  readonly at: number;
  readonly added: string;
  readonly removed: string;
}

export function editsOf(sql: SqlStorage, name: string): readonly SetEdit[] {
  const query =
    "SELECT version, at, by, reason, added, removed FROM set_edits WHERE name = ? ORDER BY version DESC LIMIT ?";
  return rows<EditRow>(sql, query, name, SHOWN).map((row) => ({
    ...row,
    at: new Date(row.at).toISOString(),
    added: JSON.parse(row.added) as readonly string[],
    removed: JSON.parse(row.removed) as readonly string[],
  }));
}
