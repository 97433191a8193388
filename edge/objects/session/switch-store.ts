/**
 * The switches that concern sessions of this tree or may, as far as it was told, and its own freeze after a flood. Each
 * agent of the tree is told by its own object, so what is known of switches is kept by who told it.
 */
import { isRootId } from "../../ids.ts";
import type { LearnInput, Link, SwitchRef } from "../../rpc.ts";
import { stopsAgent, stopsRequester, stopsSome } from "../../switches/switch-reach.ts";
import type { Member } from "./member.ts";

export const SWITCHES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS switches (side TEXT PRIMARY KEY, epoch INTEGER NOT NULL, list TEXT NOT NULL) WITHOUT ROWID;
`;

/** A freeze that the object made itself stands here until the Switchboard's own switch for it has arrived. */
const OWN = "own";

export interface Hold {
  readonly reason: "killed" | "frozen";
  readonly switches: readonly SwitchRef[];
}

type Placed = Pick<Member, "chain" | "requester">;

/** Null when nothing holds the session, nor any above it. */
export function readHold(sql: SqlStorage, { chain, requester }: Placed): Hold | null {
  const id = requester?.id ?? null;
  const agents = told(sql, chain.map(agentSide)).filter((each) => stopsAgent(each) || stopsRequester(each, id));
  if (agents.length > 0) return { reason: "killed", switches: agents };
  const sessions = told(sql, [...chain.map(({ session }) => sessionSide(session)), OWN]);
  return sessions.length > 0 ? { reason: "frozen", switches: sessions } : null;
}

/** Those that stop some requests only: roles, actions and classes. */
export function readStops(sql: SqlStorage, { chain }: Pick<Member, "chain">): readonly SwitchRef[] {
  return told(sql, chain.map(agentSide)).filter(stopsSome);
}

/** Of what the agent's object said to this session. */
export function knownEpoch(sql: SqlStorage, link: Link): number {
  return readSide(sql, agentSide(link)).epoch;
}

/** False when the notice is older than what is known. */
export function storeNotice(sql: SqlStorage, notice: LearnInput): boolean {
  const key = sideOf(notice);
  if (notice.epoch <= readSide(sql, key).epoch) return false;
  write(sql, key, notice.epoch, notice.switches);
  if (key === ROOT_SESSION) for (const { by } of notice.switches) dropOwn(sql, by);
  if (key === ROOT_SESSION) keepOwn(sql, ({ epoch = Infinity }) => epoch > notice.epoch);
  return true;
}

/** False when it is frozen so already. */
export function freezeItself(sql: SqlStorage, own: SwitchRef): boolean {
  const before = readOwn(sql);
  if (before.some(({ by }) => by === own.by)) return false;
  write(sql, OWN, 0, [...before, own]);
  return true;
}

/** The Switchboard flipped its own switch for it at this epoch. */
export function ownSuperseded(sql: SqlStorage, author: string, epoch: number): void {
  if (readSide(sql, ROOT_SESSION).epoch >= epoch) dropOwn(sql, author);
  else
    write(
      sql,
      OWN,
      0,
      readOwn(sql).map((own) => (own.by === author ? { ...own, epoch } : own)),
    );
}

/** With the epoch from which on the Switchboard's word counts instead, once it has the switch. */
type OwnSwitch = SwitchRef & { readonly epoch?: number };

function readOwn(sql: SqlStorage): readonly OwnSwitch[] {
  return readSide(sql, OWN).switches;
}

function dropOwn(sql: SqlStorage, author: string): void {
  keepOwn(sql, ({ by }) => by !== author);
}

function keepOwn(sql: SqlStorage, keep: (own: OwnSwitch) => boolean): void {
  const before = readOwn(sql);
  const after = before.filter(keep);
  if (after.length < before.length) write(sql, OWN, 0, after);
}

/** An object of an earlier version names no session: it means the root. */
function sideOf({ side, session, agent = "" }: LearnInput): string {
  if (session === undefined) return side === "session" ? ROOT_SESSION : ROOT_AGENT;
  return side === "session" ? sessionSide(session) : agentSide({ session, agent });
}

const ROOT_SESSION = "session";
const ROOT_AGENT = "agent";

function sessionSide(session: string): string {
  return isRootId(session) ? ROOT_SESSION : `session ${session}`;
}

/** No agent stands twice in a chain, so whoever is told below the root is another one than the root's. */
function agentSide({ session, agent }: Link): string {
  if (isRootId(session)) return ROOT_AGENT;
  if (agent === "") throw new Error("a notice for a session below another must name its agent");
  return `agent ${agent}`;
}

/** Each switch once: several agents are told of most of them. */
function told(sql: SqlStorage, sides: readonly string[]): readonly SwitchRef[] {
  const first = sides[0];
  if (first !== undefined && sides.length === 1) return readSide(sql, first).switches;
  const found = new Map<string, SwitchRef>();
  for (const side of sides) for (const each of readSide(sql, side).switches) found.set(each.id, each);
  return [...found.values()];
}

function write(sql: SqlStorage, side: string, epoch: number, switches: readonly SwitchRef[]): void {
  sql.exec(
    "INSERT OR REPLACE INTO switches (side, epoch, list) VALUES (?, ?, ?)",
    side,
    epoch,
    JSON.stringify(switches),
  );
}

function readSide(sql: SqlStorage, side: string): { readonly epoch: number; readonly switches: readonly SwitchRef[] } {
  const row = sql
    .exec<{ epoch: number; list: string }>("SELECT epoch, list FROM switches WHERE side = ?", side)
    .toArray()[0];
  if (row === undefined) return { epoch: -1, switches: [] };
  return { epoch: row.epoch, switches: JSON.parse(row.list) as readonly SwitchRef[] };
}
