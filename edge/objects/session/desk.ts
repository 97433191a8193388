/** What is done with approvals from outside: people look and vote, whoever asked looks and withdraws. */
import type { Approval } from "../../../engine/index.ts";
import { type ApprovalStep, deadlineOf } from "../../approvals/approval.ts";
import { readApproval, readVotes, type StoredApproval, WITHDRAWN, writeVote } from "../../approvals/approval-store.ts";
import { type Interests, type Standing, standingOf } from "../../approvals/standing.ts";
import { weighVotes } from "../../approvals/weigh-votes.ts";
import { personName } from "../../person-name.ts";
import type { ApprovalView, Refusal, VoteInput } from "../../rpc.ts";
import { askerOf, changeApproval, changeNeeds, expireApprovals } from "./change-approval.ts";
import { deathOf } from "./guard.ts";
import { gainRole, lostOffer } from "./gain-role.ts";
import { note, type SessionContext } from "./session-context.ts";
import { isRoot, type Member } from "./member.ts";
import { shownTask } from "./session-row.ts";

export function viewOf(context: SessionContext, row: Member, approval: StoredApproval): ApprovalView {
  const { question, state } = approval;
  return {
    id: approval.id,
    session: row.session,
    status: state.status,
    asked_at: approval.asked_at,
    expires_at: deadlineOf(state),
    needs: approval.needs,
    votes: readVotes(context.sql, approval.id).map(({ voter, decision, reason, at }) => ({
      by: personName(voter),
      decision,
      reason,
      at,
    })),
    reason: state.reason,
    agent: question.agent,
    // Who opened the root asks in it alone: those below have openers of their own.
    ...(row.gateway === undefined || row.session !== row.root ? {} : { gateway: row.gateway }),
    chain: row.chain.map((link) => link.agent),
    owner: question.owner,
    purpose: question.purpose,
    requester: row.requester?.id ?? null,
    action: question.action,
    ...(question.elevation === undefined ? {} : { elevation: question.elevation }),
    resources: question.resources,
    args: argumentsOf(context, approval) ?? "null",
    rules: question.rules,
    labels: question.labels,
    recovery: question.recovery,
    intent: question.intent,
    task: shownTask(row),
    request_digest: question.request_digest,
  };
}

function argumentsOf(context: SessionContext, approval: StoredApproval): string | null {
  return context.records.read(approval.question.asked_in - 1, 1)[0]?.args ?? null;
}

/** One session's question isn't there for any other, not even of its tree. */
function isAskers(row: Member, { question }: StoredApproval): boolean {
  return question.session === undefined ? isRoot(row) : question.session === row.session;
}

/** @param asker null: a person, whom the Worker lets look */
export function look(context: SessionContext, id: string, asker: Member | null): ApprovalView | Refusal {
  return context.transaction(() => {
    expireApprovals(context, context.clock.now());
    const approval = readApproval(context.sql, id);
    if (approval === null || (asker !== null && !isAskers(asker, approval))) return { refused: "not_found" as const };
    return viewOf(context, askerOf(context, approval), approval);
  });
}

export function vote(context: SessionContext, input: VoteInput): ApprovalView | Refusal {
  return context.transaction(() => {
    const now = context.clock.now();
    expireApprovals(context, now);
    return takeVote(context, input, now);
  });
}

/** A vote that is about to be given. */
interface Voting {
  readonly approval: StoredApproval;
  /** The session that asked. */
  readonly row: Member;
  readonly input: VoteInput;
  readonly interests: Interests;
  readonly now: number;
}

function takeVote(context: SessionContext, input: VoteInput, now: number): ApprovalView | Refusal {
  const approval = readApproval(context.sql, input.approval);
  if (approval === null) return { refused: "not_found" };
  const row = askerOf(context, approval);
  const { requester, requester_person } = row;
  const interests: Interests = { requester, requester_person, owners: input.owners ?? [input.owner] };
  const voting = { approval, row, input, interests, now };
  const refusal = objection(context, voting);
  if (refusal !== null) return refusal;
  const lost = lostOffer(approval, input.offers ?? []);
  if (lost !== null) return viewOf(context, row, cancel(context, row, approval, lost, now));
  return viewOf(context, row, gainRole(context, row, count(context, voting), now));
}

function objection(context: SessionContext, { approval, row, input, interests, now }: Voting): Refusal | null {
  const definitions = definitionsOf(approval, input);
  const standings = definitions.map((each) => standingOf(input.voter, each, input.groups, interests));
  const eligible = definitions.filter((_, index) => standings[index]?.kind === "may");
  if (eligible.length === 0) return strangerOrExcluded(standings);
  if (input.request_digest !== approval.question.request_digest)
    return { refused: "conflict", detail: "the digest is not that of this request; look at it again" };
  if (argumentsOf(context, approval) === null)
    return { refused: "conflict", detail: "the arguments were erased, so nobody can see any more what this is about" };
  const dead = deathOf(context, row, now, approval.id);
  if (approval.state.status !== "pending" || dead !== null)
    return { refused: "conflict", detail: dead?.message ?? `this approval is ${approval.state.status} already` };
  if (eligible.some((each) => each.reason_required) && (input.reason ?? "").trim() === "")
    return { refused: "forbidden", detail: "this approval needs a reason" };
  return null;
}

function strangerOrExcluded(standings: readonly Standing[]): Refusal {
  const excluded = standings.find((each) => each.kind === "excluded");
  return excluded === undefined ? { refused: "not_found" } : { refused: "forbidden", detail: excluded.because };
}

function definitionsOf(approval: StoredApproval, input: VoteInput): readonly Approval[] {
  return input.approvals.filter((each) => approval.needs.some((need) => need.approval === each.name));
}

function count(context: SessionContext, { approval, row, input, interests, now }: Voting): StoredApproval {
  const { voter, decision, reason } = input;
  writeVote(context.sql, approval.id, { voter, decision, reason, at: now });
  const names = approval.needs.map((need) => need.approval);
  const voters = readVotes(context.sql, approval.id)
    .filter((each) => each.decision === "approve")
    .map((each) => each.voter);
  const weighed = weighVotes(names, voters, input, interests);
  const definitions = definitionsOf(approval, input);
  const needs = approval.needs.map((need, index) => ({
    approval: need.approval,
    quorum: definitions.find((each) => each.name === need.approval)?.quorum ?? need.quorum,
    votes: weighed.votes[index] ?? 0,
  }));
  const use_within = Math.min(...definitions.map((each) => each.use_within));
  const step = stepBy(input, weighed.met, { at: now, use_within });
  const counted = changeNeeds(context, approval, needs);
  const after = step === null ? counted : changeApproval(context, row, counted, step, now);
  const event = {
    kind: "approval.voted" as const,
    approval: approval.id,
    by: personName(voter),
    decision,
    reason,
    status: after.state.status,
  };
  note(context, row, event, now);
  return after;
}

/** Null: more votes are needed. */
function stepBy(
  { decision, reason }: VoteInput,
  met: boolean,
  given: { readonly at: number; readonly use_within: number },
): ApprovalStep | null {
  if (decision === "deny") return { kind: "deny", reason };
  return met ? { kind: "quorum", ...given } : null;
}

export function withdraw(context: SessionContext, row: Member, id: string): ApprovalView | Refusal {
  return context.transaction(() => {
    const approval = readApproval(context.sql, id);
    if (approval === null || !isAskers(row, approval)) return { refused: "not_found" };
    return viewOf(context, row, cancel(context, row, approval, WITHDRAWN, context.clock.now()));
  });
}

function cancel(
  context: SessionContext,
  row: Member,
  approval: StoredApproval,
  reason: string,
  now: number,
): StoredApproval {
  return changeApproval(context, row, approval, { kind: "cancel", reason }, now);
}
