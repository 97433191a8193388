/** What became of admitted actions, and how many of them their agents weren't told of. */
import { firstRow, rows } from "../../rows.ts";
import { type Decided, toldUpTo, withIndex } from "./decision-store.ts";

export interface Outcome {
  readonly status: "ok" | "error";
  readonly digest: string | null;
  /** Sorted. */
  readonly labels: readonly string[];
}

/** Null where no such action was admitted. `outcome` null: nothing was reported yet. */
export function readOutcome(
  sql: SqlStorage,
  decision: string,
): (Decided & { readonly outcome: Outcome | null }) | null {
  withIndex(sql, "decisions_by_id", "decisions (decision)");
  const row = firstRow<Decided & { status: Outcome["status"] | null; digest: string | null; labels: string | null }>(
    sql,
    `SELECT seq, decision, session, agent, action, at, status, outcome AS digest, labels
     FROM decisions WHERE decision = ? AND fields IS NOT NULL`,
    decision,
  );
  if (row === null) return null;
  const { status, digest, labels, ...admitted } = row;
  const outcome = status === null ? null : { status, digest, labels: JSON.parse(labels ?? "[]") as readonly string[] };
  return { ...admitted, outcome };
}

export function writeOutcome(sql: SqlStorage, decision: string, { status, digest, labels }: Outcome): void {
  sql.exec(
    "UPDATE decisions SET status = ?, outcome = ?, labels = ? WHERE decision = ?",
    status,
    digest,
    JSON.stringify(labels),
    decision,
  );
}

export interface Used {
  readonly agent: string;
  readonly action: string;
  /** Whole hours since 1970. */
  readonly hour: number;
  readonly calls: number;
  readonly at: number;
  readonly seq: number;
}

/** Admitted since the agents were last told. */
export function untoldUse(sql: SqlStorage): readonly Used[] {
  return rows<Used>(
    sql,
    `SELECT agent, action, at / 3600000 AS hour, count(*) AS calls, max(at) AS at, max(seq) AS seq
     FROM decisions WHERE seq > ? AND fields IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 3, 2`,
    toldUpTo(sql),
  );
}

export function noteUseTold(sql: SqlStorage, seq: number): void {
  sql.exec("INSERT OR REPLACE INTO used_told (id, seq) VALUES (1, ?)", seq);
}
