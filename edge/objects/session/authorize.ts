/**
 * One authorization (`ARCHITECTURE.md`, "The way of one request", steps 4 to 7). The only awaits are those of step 6, and
 * whatever they let in is seen by step 7, which looks at everything again.
 */
import { newApprovalId, random } from "../../ids.ts";
import { readApproval } from "../../approvals/approval-store.ts";
import type { Answer, AuthorizeInput, AuthorizeOutput, Holder, HolderRpc } from "../../rpc.ts";
import { findParcel, post } from "../outbox.ts";
import { denial } from "./answers.ts";
import { decisionEvent } from "./decision-event.ts";
import { guard } from "./guard.ts";
import { holdShares, Unreachable } from "./hold-shares.ts";
import { judge } from "./judge.ts";
import { type Held, type HeldNames, type Plan, planOf, usageFrom } from "./plan.ts";
import { note, type SessionContext } from "./session-context.ts";
import { readMember } from "./member.ts";
import { learnSequence, readLabels } from "./session-row.ts";
import { settleRequest } from "./settle-request.ts";

export interface Surroundings {
  readonly context: SessionContext;
  readonly holder: (name: Holder) => HolderRpc;
  /** All that were ever made in this session. */
  readonly attempts: number;
  leased(): boolean;
  /** Never throws: whether it helped, `leased` says. */
  renewLease(): Promise<void>;
  /** Never throws: what can't be learned of live sets is unknown. */
  learnLive(input: AuthorizeInput): Promise<void>;
  /** Reservations that are being decided: whoever holds for them must neither confirm nor release them meanwhile. */
  readonly open: Set<string>;
}

/** The first and two more. */
const ROUNDS = 3;

export async function authorize(around: Surroundings, input: AuthorizeInput): Promise<AuthorizeOutput> {
  learnSequence(around.context.sql, input.sequence);
  // Where nobody else counts there is most often nothing to hold: then step 7 is all there is to do.
  if (input.remainder.limits.every(({ per }) => per === "session")) {
    await makeReady(around, input);
    const settled = settle(around, input, null);
    if (settled !== null) return settled;
  }
  let held: Held | null = null;
  for (let count = 1; count <= ROUNDS; count++) {
    const output: Round = await round(around, input, count, held);
    if (output.settled !== null) return output.settled;
    held = output.held;
  }
  return {
    answer: fail(around.context, input, "internal", "the session changed too often while this was decided; try again"),
  };
}

async function makeReady(around: Surroundings, input: AuthorizeInput): Promise<void> {
  if (!around.leased()) await around.renewLease();
  await around.learnLive(input);
}

/** Null when it came to another outcome than what is held is for. */
function settle(around: Surroundings, input: AuthorizeInput, held: Held | null): AuthorizeOutput | null {
  return settleRequest(around.context, { input, leased: around.leased(), attempts: around.attempts, held });
}

interface Round {
  /** Null when it came to another outcome than it was prepared for. */
  readonly settled: AuthorizeOutput | null;
  readonly held: Held | null;
}

/** @param before what the round before held, which is given back but says what others count */
async function round(around: Surroundings, input: AuthorizeInput, count: number, before: Held | null): Promise<Round> {
  const names: HeldNames = {
    reservation: `request.${count}.${random()}`,
    new_approval: newApprovalId(input.session),
  };
  around.open.add(names.reservation).add(names.new_approval);
  try {
    await makeReady(around, input);
    const held = await prepare(around, input, before, names);
    const settled = settle(around, input, held);
    giveBack(around.context, input, held);
    return { settled, held };
  } finally {
    around.open.delete(names.reservation);
    around.open.delete(names.new_approval);
  }
}

/** Steps 4 and 5, to learn what is needed, and step 6. Null when nothing is, or when it can't come to that. */
async function prepare(
  around: Surroundings,
  input: AuthorizeInput,
  before: Held | null,
  names: HeldNames,
): Promise<Held | null> {
  const { context } = around;
  const now = context.clock.now();
  const guarded = guard(context, readMember(context.sql, input.session), input, now, around.leased());
  if (guarded.kind !== "go") return null;
  const verdict = judge({ context, row: guarded.row, input, now, shared: usageFrom(before) });
  const plan = planOf(verdict, input, now);
  return plan === null ? null : hold(around, input, plan, names);
}

async function hold(around: Surroundings, input: AuthorizeInput, plan: Plan, names: HeldNames): Promise<Held | null> {
  const { sequence, session, agent } = input;
  const place = plan.place === null ? null : { id: names.new_approval, expires: plan.place };
  const { outputs, stopped } = await holdShares(plan.shares, around.holder, (holder) => ({
    sequence,
    session,
    reservation: names.reservation,
    reserve: plan.reserve,
    approval: holder === `agent ${agent}` ? place : null,
  }));
  const held = { ...names, plan, outputs };
  if (stopped === null) return held;
  giveBack(around.context, input, held);
  if (stopped instanceof Unreachable) throw stopped;
  // Another object knows a newer policy: so does this session from now on, and step 7 refuses.
  if (stopped.refused === "policy_stale") learnSequence(around.context.sql, sequence + 1);
  return null;
}

/** What was held and came to nothing. Were this lost, its holder would ask after a while. */
function giveBack(context: SessionContext, input: AuthorizeInput, held: Held | null): void {
  if (held === null) return;
  const { reservation, new_approval } = held;
  const now = context.clock.now();
  if (findParcel(context.sql, "confirm", reservation) === null) {
    for (const [holder, output] of held.outputs)
      if (output.reserved) post(context.sql, input, "release", reservation, now, holder);
  }
  const placed = held.plan.place !== null && held.outputs.get(`agent ${input.agent}`)?.place === true;
  if (placed && readApproval(context.sql, new_approval) === null)
    post(context.sql, input, "resolved", new_approval, now);
}

/** A fault of the edge is a denial; it stands in the records, and is stored under no request id. */
export function fail(
  context: SessionContext,
  input: AuthorizeInput,
  reason: "internal" | "overloaded",
  message: string,
): Answer {
  return context.transaction(() => {
    const now = context.clock.now();
    const answer = denial(input, now, null, { reason, message }, null);
    const row = readMember(context.sql, input.session);
    if (row === null) return answer;
    note(context, row, decisionEvent(row, input, answer, null, readLabels(context.sql), null), now, input.args);
    return answer;
  });
}
