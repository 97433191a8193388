/** Every table of the Switchboard; `docs/stored-keys.md` says what each holds and how long. */
import { FLIPPED_ONCE_SCHEMA } from "./flipped-once.ts";
import { RECORDS_SCHEMA } from "../../records/record-store.ts";
import { HAND_OVER_SCHEMA } from "../hand-over.ts";
import { DEPLOYMENTS_SCHEMA } from "./board-log.ts";
import { LIVE_SETS_SCHEMA } from "./live-sets.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS board (
    id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, clock INTEGER NOT NULL,
    published INTEGER NOT NULL
  );
  INSERT OR IGNORE INTO board (id, epoch, sequence, clock, published) VALUES (1, 0, 0, 0, -1);
  CREATE TABLE IF NOT EXISTS switches (
    id TEXT PRIMARY KEY, scope TEXT NOT NULL, name TEXT NOT NULL, reason TEXT NOT NULL, by TEXT NOT NULL,
    at INTEGER NOT NULL, epoch INTEGER NOT NULL, lifted_by TEXT, lifted_reason TEXT, lifted_at INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS switches_flipped ON switches (lifted_at, scope, name);
  CREATE TABLE IF NOT EXISTS agents (
    agent TEXT PRIMARY KEY, lease_until INTEGER NOT NULL, live INTEGER NOT NULL, reach_epoch INTEGER NOT NULL,
    reached INTEGER NOT NULL, pending INTEGER NOT NULL, push INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS requester_reach (
    agent TEXT NOT NULL, name TEXT NOT NULL, reached INTEGER NOT NULL, pending INTEGER NOT NULL, PRIMARY KEY (agent, name)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS session_pushes (
    session TEXT PRIMARY KEY, epoch INTEGER NOT NULL, confirmed INTEGER NOT NULL, live INTEGER NOT NULL
  ) WITHOUT ROWID;
`;

export function createTables(sql: SqlStorage): void {
  sql.exec(SCHEMA);
  for (const part of [LIVE_SETS_SCHEMA, RECORDS_SCHEMA, HAND_OVER_SCHEMA, DEPLOYMENTS_SCHEMA]) sql.exec(part);
  sql.exec(FLIPPED_ONCE_SCHEMA);
}
