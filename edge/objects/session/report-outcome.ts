/** What became of an admitted action, as its own session says. In a transaction. */
import type { OutcomeInput, OutcomeOutput } from "../../rpc.ts";
import { deathOf } from "./guard.ts";
import { type Member, noteActivity } from "./member.ts";
import { type Outcome, readOutcome, writeOutcome } from "./outcome-store.ts";
import { note, type SessionContext } from "./session-context.ts";
import { changeLabels, readLabels } from "./session-row.ts";
import { tellBreakers } from "./tell-breakers.ts";

/**
 * Taken of a session that was stopped or has ended, too: the action was under way. What is stopped trips nothing more.
 */
export function reportOutcome(context: SessionContext, row: Member, input: OutcomeInput, now: number): OutcomeOutput {
  const { sql } = context;
  const admitted = readOutcome(sql, input.decision);
  // Another session of the tree may not speak for this one.
  if (admitted === null || admitted.session !== row.session) return { refused: "not_found" };
  const outcome: Outcome = { status: input.status, digest: input.digest, labels: [...new Set(input.labels)].sort() };
  if (admitted.outcome === null) takeOutcome(context, row, input, outcome, now);
  else if (JSON.stringify(admitted.outcome) !== JSON.stringify(outcome))
    return { refused: "conflict", detail: "another outcome of this decision was reported before; it stays" };
  return { reported: true, labels: readLabels(sql) };
}

function takeOutcome(
  context: SessionContext,
  row: Member,
  { decision, breakers }: OutcomeInput,
  { status, digest, labels }: Outcome,
  now: number,
): void {
  const { sql } = context;
  writeOutcome(sql, decision, { status, digest, labels });
  changeLabels(sql, labels, []);
  const dead = deathOf(context, row, now, null);
  if (dead === null) noteActivity(sql, row, now);
  const action = readOutcome(sql, decision)?.action ?? "";
  const event = { kind: "outcome" as const, decision_id: decision, action, status, digest, adds: labels };
  const seq = note(context, row, { ...event, labels: readLabels(sql) }, now);
  if (dead !== null && dead.reason !== "session_expired") return;
  const kind = status === "ok" ? "done" : "failed";
  tellBreakers(context, row, breakers, { seq, kind, at: now, decision_id: decision, action });
}
