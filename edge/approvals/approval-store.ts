/** Approvals and votes in SQL. What happens to them is decided in `approval.ts`; here it is only written down. */
import type { Answer, ApprovalStatus, PersonRef } from "../rpc.ts";
import type { ApprovalState } from "./approval.ts";

export const APPROVALS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS approvals (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, asked_at INTEGER NOT NULL, status TEXT NOT NULL,
    decide_by INTEGER NOT NULL, use_by INTEGER, reason TEXT, needs TEXT NOT NULL, question TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS approvals_subject ON approvals (subject);
  CREATE TABLE IF NOT EXISTS votes (
    approval TEXT NOT NULL, iss TEXT NOT NULL, sub TEXT NOT NULL, voter TEXT NOT NULL, decision TEXT NOT NULL,
    reason TEXT, at INTEGER NOT NULL, PRIMARY KEY (approval, iss, sub)
  ) WITHOUT ROWID;
`;

/** What was asked, fixed when it was asked: what the approver sees and what the approval is good for. */
export interface Question {
  /** Whose it is: of a session below another; absent where the root asked. */
  readonly session?: string;
  /** Set where a role is asked for; without `terms` a version asked that didn't say what the role's rules were. */
  readonly elevation?: { readonly role: string; readonly duration: number; readonly terms?: string };
  readonly agent: string;
  readonly owner: string;
  readonly purpose: string;
  readonly action: string;
  readonly resources: readonly string[];
  /** Of the action with these arguments, and the blocks whose rules grant it: for switches that are flipped later. */
  readonly classes: readonly string[];
  readonly granted_by: readonly string[];
  /** The arguments stand beside the record that asked. */
  readonly asked_in: number;
  readonly rules: Answer["rules"];
  readonly labels: readonly string[];
  readonly recovery: string | null;
  readonly intent: string | null;
  readonly request_digest: string;
}

type Later = "classes" | "granted_by";
type EarlierQuestion = Omit<Question, Later> & Partial<Pick<Question, Later>>;

export interface NeedView {
  readonly approval: string;
  readonly quorum: number;
  readonly votes: number;
}

export interface StoredApproval {
  readonly id: string;
  /** Digest of agent, action, resources and arguments. */
  readonly subject: string;
  readonly asked_at: number;
  readonly state: ApprovalState;
  readonly needs: readonly NeedView[];
  readonly question: Question;
}

export interface StoredVote {
  readonly voter: PersonRef;
  readonly decision: "approve" | "deny";
  readonly reason: string | null;
  readonly at: number;
}

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  subject: string;
  asked_at: number;
  status: string;
  decide_by: number;
  use_by: number | null;
  reason: string | null;
  needs: string;
  question: string;
}

export function readApproval(sql: SqlStorage, id: string): StoredApproval | null {
  const row = sql.exec<Row>("SELECT * FROM approvals WHERE id = ?", id).toArray()[0];
  return row === undefined ? null : fromRow(row);
}

export function approvalsOf(sql: SqlStorage, subject: string): readonly StoredApproval[] {
  return sql.exec<Row>("SELECT * FROM approvals WHERE subject = ? ORDER BY asked_at", subject).toArray().map(fromRow);
}

/** Pending and approved ones. */
export function liveApprovals(sql: SqlStorage): readonly StoredApproval[] {
  return sql
    .exec<Row>("SELECT * FROM approvals WHERE status IN ('pending', 'approved') ORDER BY asked_at")
    .toArray()
    .map(fromRow);
}

/** Why one ended that its own session took back. */
export const WITHDRAWN = "withdrawn by the agent";

/** Why those of a session ended that its agent closed. */
export const CLOSED = "the session has been closed";

/** How many of those that were asked after this moment were withdrawn, one by one or with their session. */
export function withdrawnSince(sql: SqlStorage, asked_after: number): number {
  const query =
    "SELECT count(*) AS count FROM approvals WHERE status = 'cancelled' AND reason IN (?, ?) AND asked_at > ?";
  return sql.exec<{ count: number }>(query, WITHDRAWN, CLOSED, asked_after).one().count;
}

export function insertApproval(sql: SqlStorage, approval: StoredApproval): void {
  sql.exec(
    `INSERT INTO approvals (id, subject, asked_at, status, decide_by, use_by, reason, needs, question)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    approval.id,
    approval.subject,
    approval.asked_at,
    approval.state.status,
    approval.state.decide_by,
    approval.state.use_by,
    approval.state.reason,
    JSON.stringify(approval.needs),
    JSON.stringify(approval.question),
  );
}

export function updateApproval(sql: SqlStorage, id: string, state: ApprovalState, needs: readonly NeedView[]): void {
  sql.exec(
    "UPDATE approvals SET status = ?, decide_by = ?, use_by = ?, reason = ?, needs = ? WHERE id = ?",
    state.status,
    state.decide_by,
    state.use_by,
    state.reason,
    JSON.stringify(needs),
    id,
  );
}

export function readVotes(sql: SqlStorage, approval: string): readonly StoredVote[] {
  return sql
    .exec<{ voter: string; decision: string; reason: string | null; at: number }>(
      "SELECT voter, decision, reason, at FROM votes WHERE approval = ? ORDER BY at, iss, sub",
      approval,
    )
    .toArray()
    .map((row) => ({
      voter: JSON.parse(row.voter) as PersonRef,
      decision: row.decision as StoredVote["decision"],
      reason: row.reason,
      at: row.at,
    }));
}

/** The later vote of a person replaces the earlier: nobody counts twice. */
export function writeVote(sql: SqlStorage, approval: string, vote: StoredVote): void {
  sql.exec(
    "INSERT OR REPLACE INTO votes (approval, iss, sub, voter, decision, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    approval,
    vote.voter.iss,
    vote.voter.sub,
    JSON.stringify(vote.voter),
    vote.decision,
    vote.reason,
    vote.at,
  );
}

function fromRow(row: Row): StoredApproval {
  return {
    id: row.id,
    subject: row.subject,
    asked_at: row.asked_at,
    state: {
      status: row.status as ApprovalStatus,
      decide_by: row.decide_by,
      use_by: row.use_by,
      reason: row.reason,
    },
    needs: JSON.parse(row.needs) as readonly NeedView[],
    // Questions of a version that asked without these are stopped by the other kinds of switches alone.
    question: { classes: [], granted_by: [], ...(JSON.parse(row.question) as EarlierQuestion) },
  };
}
