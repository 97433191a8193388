/** Nothing is decided any more, so of the task only what may be shown stays. In a transaction. */
import { readSession, shownTask } from "./session-row.ts";

export function forgetTask(sql: SqlStorage): void {
  const row = readSession(sql);
  if (row === null || row.task === shownTask(row)) return;
  sql.exec("UPDATE session SET facts = json_set(facts, '$.task', ?)", shownTask(row));
}
