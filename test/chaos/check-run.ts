/**
 * Judges a run from outside: by what clients saw and by the records as they were pulled, with code of its own. A
 * violation names what doesn't fit together. No I/O, no clock.
 */
import { verifyRecords } from "../../sdk/index.ts";
import type { Asked, Journal, Kill } from "./journal.ts";
import { LEASE, LIMITS } from "./policy-text.ts";
import type { CheckedLimit } from "./policy-text.ts";

/** The log of each tree of sessions, by its root's id, as lines. */
export type Logs = ReadonlyMap<string, readonly string[]>;

export interface CheckReport {
  readonly violations: readonly string[];
  readonly counts: { readonly [what: string]: number };
}

interface Entry {
  readonly session: string;
  /** The agents from the root to the one that acts. */
  readonly chain: readonly string[];
  readonly at: number;
  readonly record: { readonly [field: string]: unknown };
  readonly args: { readonly [name: string]: unknown };
}

export function rootOf(session: string): string {
  return session.split(".", 1)[0] ?? session;
}

/** Sessions by id, each with the one above it; roots have none. */
type Above = ReadonlyMap<string, string>;

function aboveIn(entries: readonly Entry[]): Above {
  const opened = entries.filter(({ record }) => typeof record["above"] === "string");
  return new Map(opened.map(({ session, record }) => [session, String(record["above"])]));
}

export async function checkRun(journal: Journal, logs: Logs): Promise<CheckReport> {
  const entries = [...logs.values()].flatMap((lines) => lines.map(entryOf));
  const decisions = entries.filter(({ record }) => record["kind"] === "decision");
  const admitted = decisions.filter(({ record }) => record["decision"] === "allow");
  const above = aboveIn(entries);
  const violations = [
    ...journal.odd,
    ...(await brokenChains(logs)),
    ...unrecorded(journal.asked, decisions),
    ...admittedTwice(admitted),
    ...LIMITS.flatMap((limit) => exceeded(limit, admitted)),
    ...journal.kills.flatMap((kill) => admittedWhileKilled(kill, admitted, journal, above)),
    ...journal.kills.flatMap((kill) => openedWhileKilled(kill, entries, above)),
    ...approvalFaults(entries, admitted, journal.asked),
  ];
  const of = (decision: string): number => decisions.filter(({ record }) => record["decision"] === decision).length;
  return {
    violations,
    counts: {
      sessions: logs.size,
      "sessions below": above.size,
      "allowed below": admitted.filter(({ chain }) => chain.length > 1).length,
      records: entries.length,
      answers: journal.asked.length,
      unanswered: journal.unanswered,
      allowed: admitted.length,
      asked: of("ask"),
      denied: of("deny"),
      "over a limit": decisions.filter(({ record }) => record["reason"] === "limit_exceeded").length,
      "approvals used": entries.filter(({ record }) => record["kind"] === "approval.used").length,
      kills: journal.kills.length,
      "kills that reached all": journal.kills.filter(({ pending }) => pending === 0).length,
      ...Object.fromEntries(LIMITS.map((limit) => [`most of ${named(limit)}`, most(limit, admitted)])),
    },
  };
}

function entryOf(line: string): Entry {
  const { record, args } = JSON.parse(line) as Pick<Entry, "record"> & { args: string | null };
  const { session, chain, at } = record as { session: string; chain: readonly string[]; at: string };
  return { session, chain, at: Date.parse(at), record, args: JSON.parse(args ?? "{}") as Entry["args"] };
}

async function brokenChains(logs: Logs): Promise<string[]> {
  const violations: string[] = [];
  for (const [session, lines] of logs) {
    const report = await verifyRecords(lines);
    if (!report.ok) violations.push(`${session}: ${report.problem?.what ?? ""} in line ${report.problem?.line ?? 0}`);
    if (report.unchecked.without_beginning > 0 || report.sessions.length !== 1)
      violations.push(`${session}: the log isn't one session's from its beginning`);
  }
  return violations;
}

/** Only the shield answers without a record, and only to refuse. */
function unrecorded(asked: readonly Asked[], decisions: readonly Entry[]): string[] {
  const byId = Map.groupBy(decisions, ({ record }) => String(record["decision_id"]));
  return asked.flatMap((answer) => {
    const found = byId.get(answer.decision_id) ?? [];
    const named = `${answer.session} ${answer.request_id}: ${answer.decision} (${answer.reason})`;
    if (found.length === 0 && answer.decision === "deny" && answer.reason === "killed") return [];
    if (found.length !== 1) return [`${named} stands ${found.length} times in the records`];
    const { record, session } = found[0] as Entry;
    const same =
      session === answer.session &&
      record["request_id"] === answer.request_id &&
      record["action"] === answer.action &&
      record["decision"] === answer.decision &&
      record["reason"] === answer.reason;
    return same ? [] : [`${named} is recorded as ${String(record["decision"])} (${String(record["reason"])})`];
  });
}

/** One request spends once, however often it was sent. */
function admittedTwice(admitted: readonly Entry[]): string[] {
  const byRequest = Map.groupBy(admitted, ({ session, record }) => `${session} ${String(record["request_id"])}`);
  return [...byRequest].flatMap(([request, entries]) =>
    entries.length === 1 ? [] : [`${request} was admitted ${entries.length} times`],
  );
}

function exceeded(limit: CheckedLimit, admitted: readonly Entry[]): string[] {
  return [...spentMost(limit, admitted)].flatMap(([holder, worst]) => {
    if (holder === "") return [`limit ${named(limit)}: admitted without anybody to count for`];
    // Said this way round, what is no number is a violation too.
    return worst <= limit.n ? [] : [`limit ${named(limit)} ${holder}: ${worst} where ${limit.n} is the most`];
  });
}

function named({ action, per, n }: CheckedLimit): string {
  return `${n} ${action} per ${per}`;
}

function most(limit: CheckedLimit, admitted: readonly Entry[]): number {
  return Math.max(0, ...spentMost(limit, admitted).values());
}

/** By holder, the most in any interval of the window's length, both ends counted. */
function spentMost(limit: CheckedLimit, admitted: readonly Entry[]): Map<string, number> {
  const counted = admitted.filter(({ record }) => record["action"] === limit.action);
  const holders = new Map<string, Entry[]>();
  for (const entry of counted)
    for (const holder of holdersOf(limit, entry)) holders.set(holder, [...(holders.get(holder) ?? []), entry]);
  return new Map(
    [...holders].map(([holder, entries]) => [
      holder,
      Math.max(...entries.map((entry) => spentFrom(entry.at, limit, entries))),
    ]),
  );
}

/** A tree counts once per session, and each agent of a chain pays its own. */
function holdersOf({ per }: CheckedLimit, { session, chain, record }: Entry): readonly string[] {
  switch (per) {
    case "session":
      return [rootOf(session)];
    case "agent":
      return chain;
    case "requester":
      return [typeof record["requester"] === "string" ? record["requester"] : ""];
    case "fleet":
      return ["*"];
  }
}

function spentFrom(start: number, { window, total }: CheckedLimit, entries: readonly Entry[]): number {
  const inside = window === null ? entries : entries.filter(({ at }) => at >= start && at <= start + window);
  return inside.reduce((sum, { args }) => sum + (total === null ? 1 : Math.round(Number(args[total]) * 1e6)), 0);
}

function admittedWhileKilled(kill: Kill, admitted: readonly Entry[], journal: Journal, above: Above): string[] {
  const from = holdsFrom(kill);
  const hit = admitted.filter((entry) => concerns(kill, entry, above));
  const late = hit.filter(({ at }) => at > from && at < kill.lifted);
  const ids = new Set(hit.map(({ record }) => String(record["decision_id"])));
  const seen = journal.asked.filter(
    ({ decision_id, sent, received }) => sent > from && received < kill.lifted && ids.has(decision_id),
  );
  const named = `${kill.scope} ${kill.name} was killed at ${kill.acknowledged} (${kill.pending} pending)`;
  return [
    ...late.map(({ session, at }) => `${named}, and ${session} admitted at ${at}`),
    ...seen.map(({ session, sent }) => `${named}, and ${session} was allowed what it asked at ${sent}`),
  ];
}

/** Sessions ask their agent's object, which has been told, so none opens past a kill. */
function openedWhileKilled(kill: Kill, entries: readonly Entry[], above: Above): string[] {
  return entries
    .filter((entry) => entry.record["kind"] === "session.opened" && concerns(kill, entry, above))
    .filter(({ at }) => at > holdsFrom(kill) && at < kill.lifted)
    .map(({ session, at }) => `${kill.scope} ${kill.name} was killed, and ${session} was opened at ${at}`);
}

/** From the acknowledgement on where every session was reached, else when every lease has run out. */
function holdsFrom({ pending, acknowledged }: Kill): number {
  return pending === 0 ? acknowledged : acknowledged + LEASE;
}

function concerns({ scope, name }: Kill, { session, chain }: Entry, above: Above): boolean {
  if (scope === "fleet") return true;
  return scope === "agent" ? chain.includes(name) : isWithin(session, name, above);
}

/** Is it this session, or below it? */
function isWithin(session: string, name: string, above: Above): boolean {
  const next = above.get(session);
  return session === name || (next !== undefined && isWithin(next, name, above));
}

function approvalFaults(entries: readonly Entry[], admitted: readonly Entry[], asked: readonly Asked[]): string[] {
  const used = entries.filter(({ record }) => record["kind"] === "approval.used");
  const approved = new Set(
    entries
      .filter(({ record }) => record["kind"] === "approval.voted" && record["status"] === "approved")
      .map(({ record }) => record["approval"]),
  );
  const allowed = asked.filter(({ decision, approval }) => decision === "allow" && approval !== null);
  const uses = Map.groupBy(used, ({ record }) => String(record["approval"]));
  const answers = Map.groupBy(allowed, ({ approval }) => String(approval));
  return [
    ...[...uses].filter(([, list]) => list.length > 1).map(([id, list]) => `${id} was used ${list.length} times`),
    ...[...answers]
      .filter(([, list]) => new Set(list.map(({ decision_id }) => decision_id)).size > 1)
      .map(([id]) => `${id} gave two allows`),
    ...[...uses.keys()].filter((id) => !approved.has(id)).map((id) => `${id} was used and never approved`),
    ...admitted
      .filter(({ record }) => record["action"] === "wipe" && !wasUsedFor(record, used))
      .map(({ record }) => `${String(record["decision_id"])} was admitted without an approval`),
  ];
}

function wasUsedFor(decision: Entry["record"], used: readonly Entry[]): boolean {
  return used.some(({ record }) => record["decision_id"] === decision["decision_id"]);
}
