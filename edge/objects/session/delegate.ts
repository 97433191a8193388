/** Giving out a ticket for a session below one. In a transaction; that the policy allows it the Worker has checked. */
import { newTicket } from "../../ids.ts";
import type { DelegateOutput } from "../../rpc.ts";
import { UNLEASED } from "../lease.ts";
import { deathOf } from "./guard.ts";
import { type Member, noteActivity, readTree } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";
import { countTickets, insertTicket } from "./ticket-store.ts";

/** Sessions from the root to the lowest. */
const DEEPEST = 4;
/** That a tree ever had, with those that are about to open. */
const MOST_IN_TREE = 32;

/** @param leased whether the session and all above it hold a lease at this moment */
export function delegate(
  context: SessionContext,
  row: Member,
  to: string,
  leased: boolean,
  now: number,
): DelegateOutput {
  const dead = deathOf(context, row, now, null);
  if (dead !== null) return { delegated: false, ...dead };
  if (!leased) return { delegated: false, reason: "overloaded", message: UNLEASED };
  const detail = noRoom(context, row, to, now);
  if (detail !== null) return { refused: "conflict", detail };
  const ticket = newTicket(row.root);
  const expires_at = insertTicket(context.sql, ticket, { above: row.session, agent: to }, now);
  noteActivity(context.sql, row, now);
  note(context, row, { kind: "session.delegated", to, expires_at: new Date(expires_at).toISOString() }, now);
  return { delegated: true, ticket, expires_at };
}

function noRoom({ sql }: SessionContext, row: Member, to: string, now: number): string | null {
  if (row.chain.some(({ agent }) => agent === to))
    return `agent \`${to}\` stands in this chain already; each agent stands in it once`;
  if (row.chain.length >= DEEPEST) return `a chain has at most ${DEEPEST} sessions; let one further up call \`${to}\``;
  if (isFull(sql, countTickets(sql, now)))
    return `a tree has at most ${MOST_IN_TREE} sessions, with those that ended; open another root session`;
  return null;
}

/** @param more sessions that are about to open */
export function isFull(sql: SqlStorage, more: number): boolean {
  return readTree(sql).length + more >= MOST_IN_TREE;
}
