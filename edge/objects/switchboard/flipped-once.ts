/** Which switch an object of the edge has flipped for what: the same again, and a second one while it holds, is that switch. */
import { firstRow } from "../../rows.ts";
import { personName } from "../../person-name.ts";
import type { FlipInput } from "../../rpc.ts";

export const FLIPPED_ONCE_SCHEMA = `
  CREATE TABLE IF NOT EXISTS flipped_once (once TEXT PRIMARY KEY, switch TEXT NOT NULL) WITHOUT ROWID;
`;

/** Null: there is none yet, and the caller flips it and notes it. */
export function flippedBefore(sql: SqlStorage, { once, scope, name, by }: FlipInput): string | null {
  if (once === undefined) return null;
  const known = firstRow<{ id: string }>(sql, "SELECT switch AS id FROM flipped_once WHERE once = ?", once);
  if (known !== null) return known.id;
  const query = "SELECT id FROM switches WHERE lifted_at IS NULL AND scope = ? AND name = ? AND by = ?";
  return firstRow<{ id: string }>(sql, query, scope, name, personName(by))?.id ?? null;
}

export function noteFlipped(sql: SqlStorage, once: string, id: string): void {
  sql.exec("INSERT OR IGNORE INTO flipped_once (once, switch) VALUES (?, ?)", once, id);
}
