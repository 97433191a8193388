/** Every table of a session's object; `docs/stored-keys.md` says what each holds and how long. */
import { APPROVALS_SCHEMA } from "../../approvals/approval-store.ts";
import { COUNTS_SCHEMA } from "../../limits/count-store.ts";
import { RECORDS_SCHEMA } from "../../records/record-store.ts";
import { HAND_OVER_SCHEMA } from "../hand-over.ts";
import { OUTBOX_SCHEMA } from "../outbox.ts";
import { TALLIES_SCHEMA } from "../../breakers/tally-store.ts";
import { DECISIONS_SCHEMA, USED_TOLD_SCHEMA } from "./decision-store.ts";
import { LIMITS_MET_SCHEMA } from "./limits-met.ts";
import { ROLES_SCHEMA } from "./gained-roles.ts";
import { MEMBERS_SCHEMA } from "./member.ts";
import { REDEEMED_SCHEMA } from "./redeem.ts";
import { SWITCHES_SCHEMA } from "./switch-store.ts";
import { TICKETS_SCHEMA } from "./ticket-store.ts";

const SESSION_SCHEMA = `
  CREATE TABLE IF NOT EXISTS session (
    id INTEGER PRIMARY KEY CHECK (id = 1), facts TEXT NOT NULL, sequence INTEGER NOT NULL, policy TEXT NOT NULL,
    idle INTEGER NOT NULL, active_at INTEGER NOT NULL, clock INTEGER NOT NULL, calls INTEGER NOT NULL,
    attempts INTEGER NOT NULL, ended_as TEXT, ended_at INTEGER, erased INTEGER NOT NULL
  );
`;

const LABELS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS labels (name TEXT PRIMARY KEY) WITHOUT ROWID;
`;

/** Tables that are made together, with the first row of any of them. */
export const SCHEMAS: readonly string[] = [
  SESSION_SCHEMA,
  LABELS_SCHEMA,
  LIMITS_MET_SCHEMA,
  MEMBERS_SCHEMA,
  TICKETS_SCHEMA,
  DECISIONS_SCHEMA,
  USED_TOLD_SCHEMA,
  ROLES_SCHEMA,
  TALLIES_SCHEMA,
  SWITCHES_SCHEMA,
  COUNTS_SCHEMA,
  RECORDS_SCHEMA,
  APPROVALS_SCHEMA,
  OUTBOX_SCHEMA,
  REDEEMED_SCHEMA,
  HAND_OVER_SCHEMA,
];
