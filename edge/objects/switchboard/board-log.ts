/**
 * The Switchboard's own chain of records, sealed like a session's: switches, edits of live sets and deployments. What
 * breakers kill stands here as any other switch.
 */
import type { BoardEvent } from "../../records/record.ts";
import type { RecordStore } from "../../records/record-store.ts";
import { firstRow } from "../../rows.ts";
import { BOARD_LOG } from "../../rpc.ts";

export const DEPLOYMENTS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS deployments (
    sequence INTEGER NOT NULL, policy TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (sequence, policy)
  ) WITHOUT ROWID;
`;

interface Deployed {
  readonly policy: string;
  readonly sequence: number;
}

/** In the transaction that made it true. */
export function noteOnBoard(sql: SqlStorage, records: RecordStore, event: BoardEvent, now: number): void {
  const { policy, sequence } = newestDeployment(sql) ?? { policy: null, sequence: 0 };
  const at = new Date(now).toISOString();
  records.append({ session: BOARD_LOG, chain: [], agent: null, policy, sequence, at, ...event }, null);
}

/** Two policies under one number would be two deployments, and are recorded as such. */
export function noteDeployment(sql: SqlStorage, records: RecordStore, deployed: Deployed, now: number): void {
  const query = "INSERT OR IGNORE INTO deployments (sequence, policy, at) VALUES (?, ?, ?) RETURNING policy";
  const isNews = sql.exec(query, deployed.sequence, deployed.policy, now).toArray().length > 0;
  if (isNews) noteOnBoard(sql, records, { kind: "policy.deployed", deployed: deployed.policy }, now);
}

function newestDeployment(sql: SqlStorage): Deployed | null {
  return firstRow<Deployed>(sql, "SELECT policy, sequence FROM deployments ORDER BY sequence DESC, at DESC LIMIT 1");
}
