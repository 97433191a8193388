/**
 * Asking for a role, as an action is asked for (`authorize.ts`): a place among the agent's questions is the only await,
 * and one transaction looks at everything again.
 */
import { newApprovalId } from "../../ids.ts";
import { askApproval } from "../../approvals/approval.ts";
import { readApproval, type StoredApproval } from "../../approvals/approval-store.ts";
import { assertNever } from "../../assert-never.ts";
import type { ElevateInput, ElevateOutput, Holder, Offer } from "../../rpc.ts";
import { roleBlock } from "../../switches/switch-reach.ts";
import { post } from "../outbox.ts";
import type { Surroundings } from "./authorize.ts";
import { AGENT_BACKLOG } from "./backlog.ts";
import { changeApproval, expireApprovals } from "./change-approval.ts";
import { viewOf } from "./desk.ts";
import { holdShares, Unreachable } from "./hold-shares.ts";
import { type ElevationVerdict, judgeElevation, subjectOfRole } from "./judge-elevation.ts";
import { type Member, noteActivity, requireMember } from "./member.ts";
import { openApproval } from "./open-approval.ts";
import { note, type SessionContext } from "./session-context.ts";
import { learnSequence, readLabels } from "./session-row.ts";

/** `open` then holds the approvals that are being asked for. */
export type Elevating = Pick<Surroundings, "context" | "holder" | "leased" | "renewLease" | "open">;

export async function elevate(around: Elevating, row: Member, input: ElevateInput): Promise<ElevateOutput> {
  const { context } = around;
  if (!around.leased()) await around.renewLease();
  const id = newApprovalId(row.session);
  around.open.add(id);
  try {
    const first = context.transaction(() => judgeNow(around, row, input));
    const place = first.kind === "new" ? await takePlace(around, row, input, first.offer, id) : "none";
    if (place === "stale") return { refused: "policy_stale" };
    return context.transaction(() => settle(around, row, input, id, place));
  } finally {
    around.open.delete(id);
  }
}

type Place = "taken" | "full" | "unreachable" | "stale" | "none";

async function takePlace(
  { context, holder }: Elevating,
  { session, agent, expires_at }: Member,
  { sequence }: ElevateInput,
  { approval }: Offer,
  id: string,
): Promise<Place> {
  const own: Holder = `agent ${agent}`;
  const place = { id, expires: Math.min(context.clock.now() + approval.within, expires_at) };
  const ask = { sequence, session, reservation: id, reserve: false, approval: place };
  const { outputs, stopped } = await holdShares([{ holder: own, items: [] }], holder, () => ask);
  if (stopped instanceof Unreachable) return "unreachable";
  if (stopped === null) return outputs.get(own)?.place === true ? "taken" : "full";
  if (stopped.refused === "policy_stale") learnSequence(context.sql, sequence + 1);
  return "stale";
}

function judgeNow({ context, leased }: Elevating, { session }: Member, input: ElevateInput): ElevationVerdict {
  const now = context.clock.now();
  expireApprovals(context, now);
  return judgeElevation(context, requireMember(context.sql, session), input, now, leased());
}

/** With the state of now: while the place was asked for, anything may have happened. */
function settle(around: Elevating, before: Member, input: ElevateInput, id: string, place: Place): ElevateOutput {
  const { context } = around;
  const now = context.clock.now();
  const row = requireMember(context.sql, before.session);
  if (input.sequence < row.sequence) return { refused: "policy_stale" };
  const verdict = withPlace(judgeNow(around, row, input), place);
  const asker = { ...row, policy: input.policy, sequence: input.sequence };
  const output = carryOut(context, asker, input, verdict, { id, now });
  if (place === "taken" && readApproval(context.sql, id) === null) post(context.sql, row, "resolved", id, now);
  return output;
}

/** Nobody is asked without a place among the agent's questions. */
function withPlace(verdict: ElevationVerdict, place: Place): ElevationVerdict {
  if (verdict.kind !== "new" || place === "taken") return verdict;
  return place === "full" ? BACKLOG : OVERLOADED;
}

type Denied = Extract<ElevationVerdict, { kind: "denied" }>;

const BACKLOG: Denied = { kind: "denied", reason: "approval_backlog", message: AGENT_BACKLOG };
const OVERLOADED: Denied = {
  kind: "denied",
  reason: "overloaded",
  message: "the agent's questions can't be counted; try again soon",
};

/** What a new approval is called, and when it is asked. */
interface Making {
  readonly id: string;
  readonly now: number;
}

function carryOut(
  context: SessionContext,
  row: Member,
  input: ElevateInput,
  verdict: ElevationVerdict,
  making: Making,
): ElevateOutput {
  switch (verdict.kind) {
    case "denied":
      return refuse(context, row, input, verdict, making.now);
    case "asked":
      return { asked: true, view: viewOf(context, row, verdict.approval) };
    case "new":
      return { asked: true, view: viewOf(context, row, ask(context, row, input, verdict, making)) };
    default:
      return assertNever(verdict);
  }
}

function refuse(
  context: SessionContext,
  row: Member,
  { role, args, args_sha256 }: ElevateInput,
  { reason, message }: Denied,
  now: number,
): ElevateOutput {
  note(context, row, { kind: "elevation.refused", role, reason, message, args_sha256 }, now, args);
  return { asked: false, reason, message, retry_after: reason === "overloaded" ? 1 : null };
}

function ask(
  context: SessionContext,
  row: Member,
  input: ElevateInput,
  { offer, instead }: Extract<ElevationVerdict, { kind: "new" }>,
  { id, now }: Making,
): StoredApproval {
  const { role, args, args_sha256, reason } = input;
  if (instead !== null) {
    const why = "the policy now asks for something else";
    changeApproval(context, row, instead, { kind: "cancel", reason: why }, now);
  }
  const asked = { kind: "elevation.asked" as const, role, duration: offer.duration, intent: reason };
  const asked_in = note(context, row, { ...asked, approval: id, args_sha256 }, now, args);
  const approval = newApproval(row, input, offer, { id, now, asked_in, labels: readLabels(context.sql) });
  openApproval(context, row, approval, now);
  noteActivity(context.sql, row, now);
  return approval;
}

function newApproval(
  row: Member,
  input: ElevateInput,
  { approval, duration, rules, terms }: Offer,
  made: Making & { readonly asked_in: number; readonly labels: readonly string[] },
): StoredApproval {
  const { role } = input;
  return {
    id: made.id,
    subject: subjectOfRole(row, role),
    asked_at: made.now,
    // There is nothing to gain once the session is over.
    state: askApproval(Math.min(made.now + approval.within, row.expires_at)),
    needs: [{ approval: approval.name, quorum: approval.quorum, votes: 0 }],
    question: {
      elevation: { role, duration, terms },
      agent: row.agent,
      ...input.describe,
      action: `become ${role}`,
      resources: [],
      classes: [],
      granted_by: [roleBlock(role)],
      asked_in: made.asked_in,
      rules,
      labels: made.labels,
      recovery: null,
      intent: input.reason,
      request_digest: input.request_digest,
    },
  };
}
