/**
 * Step 7: one synchronous transaction that looks at everything again with the state of now and then, if the outcome
 * rests on nothing but what is held, spends, labels, stores the answer and appends the record.
 *
 * Nothing in here awaits: while it runs no other request of the session does.
 */
import { grantedBy } from "../../../engine/index.ts";
import type { Decision, LimitRow, LimitStatus } from "../../../engine/index.ts";
import { askApproval } from "../../approvals/approval.ts";
import type { StoredApproval } from "../../approvals/approval-store.ts";
import { assertNever } from "../../assert-never.ts";
import { shareKey } from "../../limits/holder.ts";
import type { DecisionFacts } from "../../records/record.ts";
import type { Answer, AuthorizeInput, AuthorizeOutput } from "../../rpc.ts";
import { post } from "../outbox.ts";
import { afterDecision } from "./after-decision.ts";
import { admission, denial, limitsThatAsk, question, wireRule } from "./answers.ts";
import { AGENT_BACKLOG } from "./backlog.ts";
import { changeApproval, expireApprovals } from "./change-approval.ts";
import { decisionEvent } from "./decision-event.ts";
import { decisionFacts } from "./decision-facts.ts";
import { endRolesInTime, endRolesNotOffered } from "./end-roles.ts";
import { type SharedUsage, stateOf } from "./engine-state.ts";
import { guard } from "./guard.ts";
import { judge, subjectOf, type Verdict } from "./judge.ts";
import { decideWithin, type Held, sufficiency, usageFrom } from "./plan.ts";
import { openApproval } from "./open-approval.ts";
import { note, type SessionContext } from "./session-context.ts";
import { isRoot, type Member, noteActivityBelow, readMember } from "./member.ts";
import { changeLabels, noteProgress, readLabels } from "./session-row.ts";
import { spendInTree } from "./spend-in-tree.ts";
import { noteLimitsMet } from "./limits-met.ts";

export interface Settlement {
  readonly input: AuthorizeInput;
  /** Whether a lease is held at this moment. */
  readonly leased: boolean;
  readonly attempts: number;
  readonly held: Held | null;
}

/** One that is decided by rules, with what else that rests on. */
interface Judged extends Settlement {
  readonly facts: DecisionFacts | null;
}

/** Null when the outcome isn't the one that was prepared for: nothing was changed. */
export function settleRequest(context: SessionContext, request: Settlement): AuthorizeOutput | null {
  return context.transaction(() => {
    const now = context.clock.now();
    expireApprovals(context, now);
    endRolesInTime(context, now);
    const guarded = guard(context, readMember(context.sql, request.input.session), request.input, now, request.leased);
    switch (guarded.kind) {
      case "refused":
        return guarded.refusal;
      case "stored":
        return { answer: guarded.answer };
      case "denied":
        return { answer: refuse(context, guarded.row, request, now, guarded) };
      case "go":
        return finish(context, guarded.row, request, now);
      default:
        return assertNever(guarded);
    }
  });
}

/** A denial before any rule: recorded, no activity, stored under no request id. */
function refuse(
  context: SessionContext,
  row: Member,
  { input }: Settlement,
  now: number,
  why: Parameters<typeof denial>[3],
): Answer {
  const answer = denial(input, now, null, why, null);
  note(
    context,
    current(row, input),
    decisionEvent(row, input, answer, null, readLabels(context.sql), null),
    now,
    input.args,
  );
  return answer;
}

function finish(context: SessionContext, row: Member, request: Settlement, now: number): AuthorizeOutput | null {
  const { input, held } = request;
  endRolesNotOffered(context, current(row, input), input.offers ?? [], now);
  const shared = usageFrom(held);
  const judged = judge({ context, row, input, now, shared });
  const enough = sufficiency(judged, input, held);
  if (enough === "changed") return null;
  const verdict = { ...judged, decision: withoutGuesses(judged.decision, input.remainder.limits, shared) };
  const backlog: Verdict = {
    kind: "deny",
    decision: verdict.decision,
    instead: { reason: "approval_backlog", message: AGENT_BACKLOG },
    approval: null,
  };
  const facts = decisionFacts(context, row, input, verdict, shared, now);
  const answer = carryOut(context, row, { ...request, facts }, now, enough === "no_place" ? backlog : verdict);
  noteLimitsMet(context.sql, row, input.remainder.limits, verdict.decision.limits);
  const { idle } = input.settings;
  noteProgress(context.sql, {
    now,
    policy: input.remainder.policy,
    idle,
    attempts: request.attempts,
    admitted: answer.decision === "allow" ? 1 : 0,
  });
  noteActivityBelow(context.sql, { chain: row.chain, idle }, now);
  return { answer };
}

/** A denial may come before others were asked: what is left of limits that they count is then unknown, and not told. */
function withoutGuesses(decision: Decision, limits: readonly LimitRow[], shared: SharedUsage): Decision {
  const guessed = limits.filter((limit) => limit.per !== "session" && !shared.has(shareKey(limit)));
  const isGuessed = (status: LimitStatus): boolean =>
    guessed.some(({ id, agent }) => id === status.id && agent === status.agent);
  return { ...decision, limits: decision.limits.filter((status) => !isGuessed(status)) };
}

function carryOut(context: SessionContext, row: Member, request: Judged, now: number, verdict: Verdict): Answer {
  switch (verdict.kind) {
    case "deny": {
      const answer = denial(request.input, now, verdict.decision, verdict.instead, verdict.approval);
      record(context, row, request, answer, verdict, now);
      return answer;
    }
    case "ask":
      return ask(context, row, request, now, verdict);
    case "allow":
      return admit(context, row, request, now, verdict);
    default:
      return assertNever(verdict);
  }
}

function record(
  context: SessionContext,
  row: Member,
  { input, facts }: Judged,
  answer: Answer,
  verdict: Verdict,
  now: number,
): number {
  const labels = readLabels(context.sql);
  const event = decisionEvent(row, input, answer, verdict.decision, labels, facts);
  const seq = note(context, current(row, input), event, now, input.args);
  afterDecision(context, current(row, input), input, answer, seq, now);
  return seq;
}

/** Records name the policy that decided, not the one before it. */
function current(row: Member, input: AuthorizeInput): Member {
  return { ...row, policy: input.remainder.policy, sequence: input.sequence };
}

function ask(
  context: SessionContext,
  row: Member,
  request: Judged,
  now: number,
  verdict: Extract<Verdict, { kind: "ask" }>,
): Answer {
  const changed = verdict.changes.map(({ approval, step }) => changeApproval(context, row, approval, step, now));
  const open = changed.find((each) => each.id === verdict.approval?.id) ?? verdict.approval;
  const approval = open ?? newApproval(context, row, request, now, verdict);
  const answer = question(request.input, verdict.decision, approval);
  const seq = record(context, row, request, answer, verdict, now);
  if (open === null)
    openApproval(context, row, { ...approval, question: { ...approval.question, asked_in: seq } }, now);
  return answer;
}

function newApproval(
  context: SessionContext,
  row: Member,
  { input, held }: Judged,
  now: number,
  verdict: Extract<Verdict, { kind: "ask" }>,
): StoredApproval {
  const { decision } = verdict;
  if (held === null) throw new Error("a new approval takes a place among its agent's");
  const defined = input.remainder.approvals.filter((each) => decision.approvals.includes(each.name));
  return {
    id: held.new_approval,
    subject: subjectOf(context, row, input),
    asked_at: now,
    state: askApproval(now + decideWithin(verdict, input)),
    needs: defined.map((each) => ({ approval: each.name, quorum: each.quorum, votes: 0 })),
    question: {
      ...(isRoot(row) ? {} : { session: row.session }),
      agent: row.agent,
      owner: input.describe.owner,
      purpose: input.describe.purpose,
      action: input.remainder.action,
      resources: input.resources_shown ?? input.remainder.resources,
      classes: input.classes,
      granted_by: grantedBy(input.remainder, stateOf(context, row, now, usageFrom(held), [])),
      asked_in: 0,
      rules: [...decision.rules.map(wireRule), ...limitsThatAsk(input.remainder.limits, decision)],
      labels: readLabels(context.sql),
      recovery: input.describe.recovery,
      intent: input.intent,
      request_digest: input.request_digest,
    },
  };
}

function admit(
  context: SessionContext,
  row: Member,
  request: Judged,
  now: number,
  verdict: Extract<Verdict, { kind: "allow" }>,
): Answer {
  const { input, held } = request;
  const { decision } = verdict;
  const changed = verdict.changes.map(({ approval, step }) => changeApproval(context, row, approval, step, now));
  const used = changed.find((each) => each.state.status === "used") ?? null;
  spendInTree(context.sql, decision.spends, now);
  if (held !== null) confirmHeld(context, row, held, now);
  changeLabels(context.sql, decision.adds, decision.clears);
  const answer = admission(input, now, decision, used);
  record(context, row, request, answer, verdict, now);
  if (used !== null)
    note(context, row, { kind: "approval.used", approval: used.id, decision_id: answer.decision_id }, now);
  return answer;
}

function confirmHeld({ sql }: SessionContext, row: Member, { reservation, outputs }: Held, now: number): void {
  for (const [holder, { reserved }] of outputs) if (reserved) post(sql, row, "confirm", reservation, now, holder);
}
