/** Opening a session: the agent's object admits it first, so that none opens past a kill or a cap. */
import { decide } from "../../../engine/index.ts";
import { random } from "../../ids.ts";
import type {
  AdmitOutput,
  AgentRpc,
  Holder,
  HolderRpc,
  OpenInput,
  OpenOutput,
  ReserveInput,
  SwitchNotice,
} from "../../rpc.ts";
import { withDeadline } from "../../deadline.ts";
import { openingState } from "../opening-state.ts";
import { post } from "../outbox.ts";
import { idleEnd } from "./guard.ts";
import { type HeldShares, holdShares, Unreachable } from "./hold-shares.ts";
import { beginSession, lifetimeEnd } from "./life.ts";
import { type Share, sharesOf, usageOf } from "./plan.ts";
import type { SessionContext } from "./session-context.ts";
import { learnSequence, readSession } from "./session-row.ts";
import { readHold, storeNotice } from "./switch-store.ts";

const PATIENCE = 5_000;

export interface Opening {
  readonly context: SessionContext;
  readonly agent: AgentRpc;
  readonly holder: (name: Holder) => HolderRpc;
  /** Reservations that are being decided: whoever holds for them must neither confirm nor release them meanwhile. */
  readonly open: Set<string>;
  /** Keeps the lease that came with the admission. */
  keepLease(output: Extract<AdmitOutput, { admitted: true }>, sent: number): void;
}

export async function openSession(opening: Opening, input: OpenInput): Promise<OpenOutput> {
  const { context, open } = opening;
  if (readSession(context.sql) !== null) return alreadyOpen();
  const reservation = `open.${random()}`;
  open.add(reservation);
  try {
    const shares = foreignShares(input, context.clock.now());
    const held = await holdShares(shares, opening.holder, () => holding(input, reservation));
    const output = await openWith(opening, input, { ...held, shares, reservation });
    if (!("opened" in output && output.opened)) await letGo(opening, input, held, reservation);
    return output;
  } finally {
    open.delete(reservation);
  }
}

/** Of the limits on opening, those that the agent's own object doesn't count. */
function foreignShares({ agent, opening, starts_with }: OpenInput, now: number): readonly Share[] {
  const free = { used: 0n, admits_at: now };
  const { limits } = decide(
    opening,
    openingState(starts_with, now, () => free),
  );
  const concerned = new Set(limits.filter(({ per }) => per !== "session").map(({ id }) => id));
  const rows = opening.limits.filter((limit) => !limit.trial && concerned.has(limit.id));
  const items = rows.map((limit) => ({ limit, beyond: false }));
  return sharesOf(items, { agent, requester: opening.requester }).filter(({ holder }) => holder !== `agent ${agent}`);
}

function holding({ sequence, session }: OpenInput, reservation: string): Omit<ReserveInput, "items"> {
  return { sequence, session, reservation, reserve: true, approval: null };
}

interface HeldOpening extends HeldShares {
  readonly shares: readonly Share[];
  readonly reservation: string;
}

/** Were this lost, those that hold would ask after a while. */
async function letGo(
  { holder }: Opening,
  { session }: OpenInput,
  { outputs }: HeldShares,
  reservation: string,
): Promise<void> {
  const nothing = { confirm: [], asked: [], resolved: [], reopened: [], ended: null };
  const holders = [...outputs].flatMap(([name, { reserved }]) => (reserved ? [name] : []));
  const told = holders.map((name) => holder(name).report({ session, ...nothing, release: [reservation] }));
  for (const outcome of await Promise.allSettled(told))
    if (outcome.status === "rejected")
      console.warn("a share isn't given back yet", { session, cause: String(outcome.reason) });
}

async function openWith(opening: Opening, input: OpenInput, held: HeldOpening): Promise<OpenOutput> {
  if (held.stopped instanceof Unreachable) return overloaded(held.stopped);
  if (held.stopped !== null) return held.stopped.refusal;
  const sent = Date.now();
  const admitted = await admission(opening, input, held);
  if ("refused" in admitted) return admitted;
  if (!admitted.admitted) {
    const { reason, message, retry_after } = admitted;
    return { opened: false, reason, message, retry_after };
  }
  if (admitted.sequence > input.sequence) return { refused: "policy_stale" };
  const output = begin(opening.context, input, held, admitted.notice);
  if ("opened" in output && output.opened) opening.keepLease(admitted, sent);
  return output;
}

async function admission({ agent, context }: Opening, input: OpenInput, held: HeldOpening): Promise<AdmitOutput> {
  const credentials = [input.credential, ...(input.requester_credential === null ? [] : [input.requester_credential])];
  const { sequence, session, opening, starts_with, lease } = input;
  const until = lifetimeEnd(input, context.clock.now());
  const shared = usageOf(held.shares, held.outputs);
  try {
    const asked = agent.admit({
      sequence,
      agent: input.agent,
      session,
      credentials,
      opening,
      shared,
      starts_with,
      lease,
      until,
    });
    return await withDeadline(asked, PATIENCE);
  } catch (cause) {
    console.error("the agent's object can't be reached; no session is opened", { cause: String(cause) });
    return { admitted: false, reason: "overloaded", message: "the edge is overloaded; try again soon", retry_after: 1 };
  }
}

function overloaded(cause: Unreachable): OpenOutput {
  console.error("a shared limit can't be counted; no session is opened", { cause: String(cause.cause) });
  return { opened: false, reason: "overloaded", message: `${cause.message}; try again soon`, retry_after: 1 };
}

/** What happened while the agent's object was asked counts: another call may have opened or frozen it. */
function begin(
  context: SessionContext,
  input: OpenInput,
  { outputs, reservation }: HeldOpening,
  notice: SwitchNotice,
): OpenOutput {
  return context.transaction(() => {
    if (readSession(context.sql) !== null) return alreadyOpen();
    storeNotice(context.sql, notice);
    const { session, agent, requester } = input;
    const hold = readHold(context.sql, { chain: [{ session, agent }], requester });
    if (hold !== null)
      return {
        opened: false,
        reason: hold.reason,
        message: hold.switches.map((each) => each.reason).join("; "),
        retry_after: null,
      };
    const now = context.clock.now();
    const row = beginSession(context, input, now);
    for (const [holder, { reserved }] of outputs)
      if (reserved) post(context.sql, row, "confirm", reservation, now, holder);
    learnSequence(context.sql, input.sequence);
    return { opened: true, expires_at: row.expires_at, idle_expires_at: idleEnd(row) };
  });
}

function alreadyOpen(): OpenOutput {
  return { refused: "conflict", detail: "this session was opened before" };
}
