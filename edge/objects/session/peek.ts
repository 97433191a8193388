/**
 * Would these requests be allowed now? Decided like any other, by the state of the session and of whoever counts for
 * it, and nothing is spent, labelled, asked of people or written down.
 */
import { random } from "../../ids.ts";
import type { AuthorizeInput, PeekOutput } from "../../rpc.ts";
import type { Surroundings } from "./authorize.ts";
import { guard } from "./guard.ts";
import { holdShares } from "./hold-shares.ts";
import { judge } from "./judge.ts";
import { type Member, readMember } from "./member.ts";
import { planOf, usageOf } from "./plan.ts";

export type Looking = Pick<Surroundings, "context" | "holder" | "leased" | "renewLease" | "learnLive">;

/** In the order asked; a refusal where the session can't be asked at all. */
export async function peek(around: Looking, requests: readonly AuthorizeInput[]): Promise<PeekOutput> {
  const allowed: boolean[] = [];
  let ended = false;
  for (const input of requests) {
    if (!around.leased()) await around.renewLease();
    await around.learnLive(input);
    const { context } = around;
    const now = context.clock.now();
    const guarded = guard(context, readMember(context.sql, input.session), input, now, around.leased());
    if (guarded.kind === "refused") return guarded.refusal;
    ended ||= guarded.kind === "denied" && guarded.reason === "session_expired";
    allowed.push(guarded.kind === "go" && (await isAllowed(around, guarded.row, input)));
  }
  return { allowed, ended };
}

async function isAllowed({ context, holder }: Looking, row: Member, input: AuthorizeInput): Promise<boolean> {
  const now = context.clock.now();
  const verdict = judge({ context, row, input, now, shared: new Map() });
  if (verdict.kind !== "allow") return false;
  const plan = planOf(verdict, input, now);
  if (plan === null) return true;
  const { sequence, session } = input;
  const reading = { sequence, session, reservation: `peek.${random()}`, reserve: false, approval: null };
  const { outputs, stopped } = await holdShares(plan.shares, holder, () => reading);
  if (stopped !== null) return false;
  const shared = usageOf(plan.shares, outputs);
  return judge({ context, row, input, now: context.clock.now(), shared }).kind === "allow";
}
