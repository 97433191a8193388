/**
 * One session of the tree: the root, whose row is the object's own, or one that was opened below another. What a call
 * is about is always a member; what the tree has in common stands in each.
 */
import { linkOf } from "../../link-of.ts";
import { firstRow, rows } from "../../rows.ts";
import type { Link } from "../../rpc.ts";
import { readSession, type SessionRow } from "./session-row.ts";

export const MEMBERS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS members (
    session TEXT PRIMARY KEY, chain TEXT NOT NULL, opened_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    idle INTEGER NOT NULL, active_at INTEGER NOT NULL, ended_as TEXT, ended_at INTEGER
  ) WITHOUT ROWID;
`;

/** Times, idle time and end are the member's own; whatever else a session's row says is the tree's. */
export interface Member extends SessionRow {
  readonly root: string;
  /** From the root to this one. */
  readonly chain: readonly Link[];
  /** When the root was opened. */
  readonly tree_opened_at: number;
}

interface Columns
  extends Pick<SessionRow, "session" | "opened_at" | "expires_at" | "idle" | "active_at" | "ended_as" | "ended_at"> {
  readonly chain: string;
}

/** Null where the tree has no such session. */
export function readMember(sql: SqlStorage, session: string): Member | null {
  const root = readSession(sql);
  if (root === null) return null;
  if (session === root.session) return asMember(root);
  const row = firstRow<Columns>(sql, "SELECT * FROM members WHERE session = ?", session);
  return row === null ? null : withRoot(root, row);
}

/** Null before the root was opened. */
export function readRoot(sql: SqlStorage): Member | null {
  const root = readSession(sql);
  return root === null ? null : asMember(root);
}

/** Of a session that is there. */
export function requireMember(sql: SqlStorage, session: string): Member {
  const member = readMember(sql, session);
  if (member === null) throw new Error("a session of the tree isn't there");
  return member;
}

/** All that ever were, the root first and each before those below it. */
export function readTree(sql: SqlStorage): readonly Member[] {
  const root = readSession(sql);
  if (root === null) return [];
  const below = rows<Columns>(sql, "SELECT * FROM members ORDER BY opened_at").map((row) => withRoot(root, row));
  return [asMember(root), ...below.toSorted((one, other) => one.chain.length - other.chain.length)];
}

function asMember(root: SessionRow): Member {
  const chain = [linkOf(root.session, root.agent, root.gateway)];
  return { ...root, root: root.session, chain, tree_opened_at: root.opened_at };
}

function withRoot(root: SessionRow, { chain: text, ...own }: Columns): Member {
  const chain = JSON.parse(text) as readonly Link[];
  const agent = chain.at(-1)?.agent ?? "";
  return { ...root, ...own, agent, root: root.session, chain, tree_opened_at: root.opened_at };
}

/** Is it this one, or below it? */
export function isWithin(member: Pick<Member, "chain">, session: string): boolean {
  return member.chain.some((link) => link.session === session);
}

/** Is this the member's chain, in every session and agent? */
export function isSameChain(chain: readonly Link[], member: Pick<Member, "chain">): boolean {
  return (
    chain.length === member.chain.length &&
    member.chain.every(({ session, agent }, at) => chain[at]?.session === session && chain[at]?.agent === agent)
  );
}

type Start = Pick<Member, "session" | "chain" | "opened_at" | "expires_at" | "idle">;

/** Of a session below the root. */
export function insertMember(sql: SqlStorage, { session, chain, opened_at, expires_at, idle }: Start): void {
  sql.exec(
    "INSERT INTO members (session, chain, opened_at, expires_at, idle, active_at) VALUES (?1, ?2, ?3, ?4, ?5, ?3)",
    session,
    JSON.stringify(chain),
    opened_at,
    expires_at,
    idle,
  );
}

export function isRoot({ session, root }: Pick<Member, "session" | "root">): boolean {
  return session === root;
}

/** Whoever works below a session keeps it from idling out. @param idle what the policy of now says */
export function noteActivity(sql: SqlStorage, row: Pick<Member, "chain" | "idle">, now: number): void {
  sql.exec("UPDATE session SET active_at = ?1, clock = ?1, idle = ?2", now, row.idle);
  noteActivityBelow(sql, row, now);
}

/** As above, of whoever has noted it of the root already. */
export function noteActivityBelow(sql: SqlStorage, { chain, idle }: Pick<Member, "chain" | "idle">, now: number): void {
  for (const { session } of chain.slice(1))
    sql.exec("UPDATE members SET active_at = ?, idle = ? WHERE session = ?", now, idle, session);
}

export function noteEnd(sql: SqlStorage, member: Member, as: "closed" | "expired", now: number): void {
  sql.exec("UPDATE session SET clock = ?", now);
  if (isRoot(member)) sql.exec("UPDATE session SET ended_as = ?, ended_at = ?", as, now);
  else sql.exec("UPDATE members SET ended_as = ?, ended_at = ? WHERE session = ?", as, now, member.session);
}
