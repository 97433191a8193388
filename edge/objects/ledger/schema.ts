/** Every table of a shard of the ledger; `docs/stored-keys.md` says what each holds and how long. */
import { CHECKPOINT_SCHEMA } from "./checkpoint.ts";
import { EXPORT_SCHEMA } from "./export-queue.ts";
import { HISTOGRAMS_SCHEMA } from "./histogram-store.ts";
import { TALLIES_SCHEMA } from "./tallies.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tree (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, clock INTEGER NOT NULL);
  INSERT OR IGNORE INTO tree (id, size, clock) VALUES (1, 0, 0);
  CREATE TABLE IF NOT EXISTS tiles (
    level INTEGER NOT NULL, place INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, place)
  );
  CREATE TABLE IF NOT EXISTS heads (
    log TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS runs (
    leaf INTEGER PRIMARY KEY, log TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS runs_of_log ON runs (log, first);
  CREATE TABLE IF NOT EXISTS agent_days (
    agent TEXT NOT NULL, day TEXT NOT NULL, leaf INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (agent, day, leaf)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS disputes (
    log TEXT NOT NULL, seq INTEGER NOT NULL, what TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (log, seq, hash)
  ) WITHOUT ROWID;
`;

export function createTables(sql: SqlStorage): void {
  sql.exec(SCHEMA);
  sql.exec(CHECKPOINT_SCHEMA);
  sql.exec(EXPORT_SCHEMA);
  sql.exec(HISTOGRAMS_SCHEMA);
  sql.exec(TALLIES_SCHEMA);
}
