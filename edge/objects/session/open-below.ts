/** Opening a session below another, with a ticket: the agent's own object admits it, exactly as it does a root. */
import type { State } from "../../../engine/index.ts";
import { childId } from "../../ids.ts";
import { linkOf } from "../../link-of.ts";
import type { Link, OpenBelowInput, OpenOutput, SwitchNotice, TicketInput, TicketOutput } from "../../rpc.ts";
import { admitAndBegin, type Begun, heldBack, type Opening } from "./admit-and-begin.ts";
import { isFull } from "./delegate.ts";
import { stateOf } from "./engine-state.ts";
import { deathOf } from "./guard.ts";
import type { Leases } from "./leases.ts";
import { lifetimeEnd, noteOpened, takeNotice } from "./life.ts";
import { insertMember, isSameChain, type Member, noteActivity, readMember, requireMember } from "./member.ts";
import type { SessionContext } from "./session-context.ts";
import { changeLabels } from "./session-row.ts";
import { readHold } from "./switch-store.ts";
import { readTicket, type Ticket, useTicket } from "./ticket-store.ts";
import { countsSame, toBeCounted, type WeighedOpening, weighOpening } from "./weigh-opening.ts";

export interface OpeningBelow extends Opening {
  readonly leases: Pick<Leases, "held" | "renew">;
}

type Refused = Exclude<OpenOutput, { readonly opened: true }>;

/** One answer for every ticket that isn't good: nobody learns which it was. */
const NOT_GOOD: Extract<Refused, { readonly refused: "forbidden" }> = {
  refused: "forbidden",
  detail:
    "this ticket isn't for this agent, was used, or is older than a minute; the session above asks for another with `POST /v1/session/delegations`",
};

/** Where a session opened with the ticket would stand. */
export function lookAtTicket(context: SessionContext, input: TicketInput): TicketOutput {
  const place = placeOf(context, input, context.clock.now());
  if ("refused" in place) return place;
  const { session, above } = place;
  return { session, above: above.chain, requester: above.requester };
}

export async function openBelow(opening: OpeningBelow, input: OpenBelowInput): Promise<OpenOutput> {
  const { context, open } = opening;
  const now = context.clock.now();
  const place = placeOf(context, input, now);
  if ("refused" in place) return place;
  const { session, above } = place;
  if (open.has(session)) return NOT_GOOD;
  open.add(session);
  try {
    await opening.leases.renew(above.chain);
    const refused = stopped(opening, above, input, now);
    if (refused !== null) return refused;
    const weighed = weighOpening(input.opening, treeState(context, above, input, now));
    const candidate = candidateOf(input, place, weighed, now);
    return await admitAndBegin(opening, candidate, (notice) => begin(opening, input, weighed, notice));
  } finally {
    open.delete(session);
  }
}

interface Place {
  readonly ticket: Ticket;
  readonly session: string;
  readonly above: Member;
}

function placeOf(context: SessionContext, input: TicketInput, now: number): Place | typeof NOT_GOOD {
  const ticket = readTicket(context.sql, input.ticket, now);
  const above = ticket === null ? null : readMember(context.sql, ticket.above);
  if (ticket === null || above === null || ticket.agent !== input.agent) return NOT_GOOD;
  return { ticket, session: childId(above.root, ticket.number), above };
}

/** What stands above decides nothing for a session that it couldn't ask in by itself. */
function stopped({ context, leases }: OpeningBelow, above: Member, input: OpenBelowInput, now: number): Refused | null {
  if (input.sequence < above.sequence) return { refused: "policy_stale" };
  if (!isSameChain(input.above, above)) return NOT_GOOD;
  const dead = deathOf(context, requireMember(context.sql, above.session), now, null);
  if (dead !== null) return { opened: false, ...dead, retry_after: null };
  if (isFull(context.sql, 0))
    return { refused: "conflict", detail: "this tree has had all the sessions that it may; open another root session" };
  return leases.held(above.chain) ? null : overloaded("the edge can't make sure that the agents above are not killed");
}

function overloaded(why: string): Refused {
  return { opened: false, reason: "overloaded", message: `${why}; try again soon`, retry_after: 1 };
}

/** As it is the moment before: with the labels that the session brings along, and without roles, which only roots gain. */
function treeState(context: SessionContext, above: Member, { starts_with }: OpenBelowInput, now: number): State {
  const state = stateOf(context, above, now, new Map(), []);
  return { ...state, roles: new Set(), labels: new Set([...state.labels, ...starts_with]) };
}

function candidateOf(input: OpenBelowInput, place: Place, weighed: WeighedOpening, now: number) {
  const { sequence, agent, starts_with, lease, credential } = input;
  return {
    sequence,
    agent,
    session: place.session,
    credentials: [credential],
    ...toBeCounted(input.opening, weighed),
    starts_with,
    lease,
    until: endBelow(input, place.above, now),
    chain: chainOf(input, place),
  };
}

function chainOf({ agent, gateway }: OpenBelowInput, { session, above }: Place): readonly Link[] {
  return [...above.chain, linkOf(session, agent, gateway)];
}

function endBelow(input: OpenBelowInput, above: Member, now: number): number {
  return Math.min(lifetimeEnd(input, now), above.expires_at);
}

/** What happened while others were asked counts: the ticket may be used, the tree stopped or labelled. */
function begin(opening: OpeningBelow, input: OpenBelowInput, before: WeighedOpening, notice: SwitchNotice): Begun {
  const { context } = opening;
  const { sql } = context;
  const now = context.clock.now();
  const place = placeOf(context, input, now);
  if ("refused" in place) return place;
  const { above, session } = place;
  takeNotice(context, { ...notice, session, agent: input.agent }, now);
  const refused = stopped(opening, above, input, now);
  if (refused !== null) return refused;
  const chain = chainOf(input, place);
  const hold = readHold(sql, { chain, requester: above.requester });
  if (hold !== null) return heldBack(hold);
  const weighed = weighOpening(input.opening, treeState(context, above, input, now));
  if (weighed.kind === "refused") return { opened: false, ...weighed.refusal };
  if (before.kind === "refused" || !countsSame(before.rest, weighed.rest))
    return overloaded("the session above changed while this one was opened");
  useTicket(sql, place.ticket);
  return { row: beginBelow(context, input, place, now) };
}

function beginBelow(context: SessionContext, input: OpenBelowInput, place: Place, now: number): Member {
  const { sql } = context;
  const { session, above } = place;
  const { starts_with, idle } = input;
  const expires_at = endBelow(input, above, now);
  insertMember(sql, { session, chain: chainOf(input, place), opened_at: now, expires_at, idle });
  changeLabels(sql, starts_with, []);
  const row = requireMember(sql, session);
  noteActivity(sql, row, now);
  noteOpened(context, { ...row, policy: input.policy, sequence: input.sequence }, input, now, above.session);
  return row;
}
