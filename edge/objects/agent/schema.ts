/** Every table of an agent's object; `docs/stored-keys.md` says what each holds and how long. */
import { BREAKERS_SCHEMA } from "../../breakers/take-happenings.ts";
import { COUNTS_SCHEMA } from "../../limits/count-store.ts";
import { RESERVATIONS_SCHEMA } from "../../limits/reservations.ts";
import { STANDING_SCHEMA } from "./standing-sessions.ts";

const AGENT_SCHEMA = `
  CREATE TABLE IF NOT EXISTS agent (
    id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, sequence INTEGER NOT NULL, clock INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, list TEXT NOT NULL, sessions INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS credentials (key TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, opened_at INTEGER NOT NULL, until INTEGER NOT NULL, ended_at INTEGER, confirmed INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_opened ON sessions (opened_at);
  CREATE TABLE IF NOT EXISTS requesters (session TEXT PRIMARY KEY, requester TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS chains (session TEXT PRIMARY KEY, chain TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS places (
    approval TEXT PRIMARY KEY, session TEXT NOT NULL, expires INTEGER NOT NULL, at INTEGER NOT NULL, confirmed INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pushes (session TEXT PRIMARY KEY) WITHOUT ROWID;
`;

export function createTables(sql: SqlStorage): void {
  sql.exec(AGENT_SCHEMA);
  sql.exec(STANDING_SCHEMA);
  sql.exec(COUNTS_SCHEMA);
  sql.exec(RESERVATIONS_SCHEMA);
  sql.exec(BREAKERS_SCHEMA);
}
