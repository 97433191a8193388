/** Opening a session: the agent's object admits it first, so that none opens past a kill or a cap. */
import { random } from "../../ids.ts";
import type {
  AdmitInput,
  AdmitOutput,
  AgentRpc,
  Holder,
  HolderRpc,
  Link,
  OpenOutput,
  ReserveInput,
  SwitchNotice,
} from "../../rpc.ts";
import { withDeadline } from "../../deadline.ts";
import { post } from "../outbox.ts";
import { idleEnd } from "./guard.ts";
import { type HeldShares, holdShares, Unreachable } from "./hold-shares.ts";
import type { Member } from "./member.ts";
import { type Share, sharesOf, usageOf } from "./plan.ts";
import type { SessionContext } from "./session-context.ts";
import { learnSequence } from "./session-row.ts";
import type { Hold } from "./switch-store.ts";

const PATIENCE = 5_000;

export interface Opening {
  readonly context: SessionContext;
  readonly agent: AgentRpc;
  readonly holder: (name: Holder) => HolderRpc;
  /** Reservations that are being decided: whoever holds for them must neither confirm nor release them meanwhile. */
  readonly open: Set<string>;
  /** Keeps the lease that came with the admission. */
  readonly keepLease: (of: Link, output: Extract<AdmitOutput, { admitted: true }>, sent: number) => void;
}

/** A session that is to be opened, with what others must count for it. */
export type Candidate = Omit<AdmitInput, "shared">;

/**
 * Has others count and the agent's object admit it, and then begins it. What happened meanwhile `begin` sees: it runs
 * inside a transaction.
 * @param begin refuses, or writes the session down
 */
export async function admitAndBegin(
  opening: Opening,
  candidate: Candidate,
  begin: (notice: SwitchNotice) => Begun,
): Promise<OpenOutput> {
  const { open } = opening;
  const reservation = `open.${random()}`;
  open.add(reservation);
  try {
    const shares = foreignShares(candidate);
    const held = await holdShares(shares, opening.holder, () => holding(candidate, reservation));
    const output = await openWith(opening, candidate, { ...held, shares, reservation }, begin);
    if (!("opened" in output && output.opened)) await letGo(opening, candidate, held, reservation);
    return output;
  } finally {
    open.delete(reservation);
  }
}

/** `row` of the session that began. */
export type Begun = { readonly row: Member } | Exclude<OpenOutput, { readonly opened: true }>;

/** Of the limits on opening, those that the agent's own object doesn't count. */
function foreignShares({ agent, opening }: Candidate): readonly Share[] {
  const items = opening.limits.map((limit) => ({ limit, beyond: false }));
  return sharesOf(items, { agent, requester: opening.requester }).filter(({ holder }) => holder !== `agent ${agent}`);
}

function holding({ sequence, session }: Candidate, reservation: string): Omit<ReserveInput, "items"> {
  return { sequence, session, reservation, reserve: true, approval: null };
}

interface HeldOpening extends HeldShares {
  readonly shares: readonly Share[];
  readonly reservation: string;
}

/** Were this lost, those that hold would ask after a while. */
async function letGo(
  { holder }: Opening,
  { session }: Candidate,
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

async function openWith(
  opening: Opening,
  candidate: Candidate,
  held: HeldOpening,
  begin: (notice: SwitchNotice) => Begun,
): Promise<OpenOutput> {
  if (held.stopped instanceof Unreachable) return overloaded(held.stopped);
  if (held.stopped !== null) return held.stopped;
  const sent = Date.now();
  const admitted = await admission(opening, { ...candidate, shared: usageOf(held.shares, held.outputs) });
  if ("refused" in admitted) return admitted;
  if (!admitted.admitted) {
    const { reason, message, retry_after } = admitted;
    return { opened: false, reason, message, retry_after };
  }
  if (admitted.sequence > candidate.sequence) return { refused: "policy_stale" };
  const output = beginAndConfirm(opening.context, candidate, held, () => begin(admitted.notice));
  if ("opened" in output && output.opened) opening.keepLease(candidate, admitted, sent);
  return output;
}

async function admission({ agent }: Opening, input: AdmitInput): Promise<AdmitOutput> {
  try {
    return await withDeadline(agent.admit(input), PATIENCE);
  } catch (cause) {
    console.error("the agent's object can't be reached; no session is opened", { cause: String(cause) });
    return { admitted: false, reason: "overloaded", message: "the edge is overloaded; try again soon", retry_after: 1 };
  }
}

function overloaded(cause: Unreachable): OpenOutput {
  console.error("a shared limit can't be counted; no session is opened", { cause: String(cause.cause) });
  return { opened: false, reason: "overloaded", message: `${cause.message}; try again soon`, retry_after: 1 };
}

function beginAndConfirm(
  context: SessionContext,
  { sequence }: Candidate,
  { outputs, reservation }: HeldOpening,
  begin: () => Begun,
): OpenOutput {
  return context.transaction(() => {
    const begun = begin();
    if (!("row" in begun)) return begun;
    const { row } = begun;
    const now = context.clock.now();
    for (const [holder, { reserved }] of outputs)
      if (reserved) post(context.sql, row, "confirm", reservation, now, holder);
    learnSequence(context.sql, sequence);
    return { opened: true, expires_at: row.expires_at, idle_expires_at: idleEnd(row) };
  });
}

export function heldBack({ reason, switches }: Hold): Exclude<OpenOutput, { readonly opened: true }> {
  const message = switches.map((each) => each.reason).join("; ");
  return { opened: false, reason, message, retry_after: null };
}
