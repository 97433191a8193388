/**
 * Shares of limits that several sessions count together, held for sessions that are about to decide. What is held
 * counts as spent from the first moment until its session has said what became of it. In a transaction.
 */
import type { Usage } from "../../engine/index.ts";
import { addCount, readUsage, takeBack } from "./count-store.ts";
import { onceACount } from "./once-a-count.ts";
import type { ReserveInput, ReserveItem } from "../rpc.ts";
import { rows } from "../rows.ts";

export const RESERVATIONS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS reservations (
    session TEXT NOT NULL, reservation TEXT NOT NULL, counter TEXT NOT NULL, key TEXT NOT NULL, window INTEGER,
    amount TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (session, reservation, counter, key)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS reservations_state ON reservations (state, at);
`;

export interface Reserved {
  readonly reserved: boolean;
  readonly items: readonly Usage[];
}

interface Row {
  readonly counter: string;
  readonly key: string;
  readonly window: number | null;
  readonly amount: string;
  readonly at: number;
  readonly state: "held" | "confirmed" | "released";
}

export function reserve(sql: SqlStorage, input: ReserveInput, now: number): Reserved {
  const before = rowsOf(sql, input.session, input.reservation);
  if (before.length > 0) return repeated(sql, input, before, now);
  const items = input.items.map((item) => readUsage(sql, item.limit, now));
  const fits = input.items.every((item, index) => item.beyond || isWithin(item, items[index]));
  const reserved = input.reserve && fits;
  if (reserved) for (const item of onceACount(input.items)) hold(sql, input, item, now);
  return { reserved, items };
}

function isWithin({ limit }: ReserveItem, usage: Usage | undefined): boolean {
  return usage !== undefined && usage.used + limit.amount <= limit.n;
}

function hold(sql: SqlStorage, input: ReserveInput, { limit }: ReserveItem, now: number): void {
  addCount(sql, limit, limit.amount, now, now);
  sql.exec(
    `INSERT INTO reservations (session, reservation, counter, key, window, amount, at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'held')`,
    input.session,
    input.reservation,
    limit.counter,
    limit.key,
    limit.window,
    limit.amount.toString(),
    now,
  );
}

/** The same call arrived twice: what it holds is not "used by others". */
function repeated(sql: SqlStorage, input: ReserveInput, own: readonly Row[], now: number): Reserved {
  const items = input.items.map(({ limit }) => {
    const held = own.find((row) => row.counter === limit.counter && row.key === limit.key && row.state !== "released");
    const usage = readUsage(sql, limit, now);
    return held === undefined ? usage : { ...usage, used: usage.used - BigInt(held.amount) };
  });
  return { reserved: own.every((row) => row.state === "held"), items };
}

/**
 * It was admitted at `at`, by the session's clock: it counts from then, if that is later than when it was reserved.
 * A confirmation wins over a release, since nothing that was admitted may go uncounted.
 */
export function confirm(sql: SqlStorage, session: string, reservation: string, at: number, now: number): void {
  for (const row of rowsOf(sql, session, reservation)) {
    if (row.state === "confirmed") continue;
    if (row.state === "held") takeBack(sql, row, BigInt(row.amount), row.at);
    addCount(sql, row, BigInt(row.amount), Math.min(Math.max(row.at, at), Math.max(row.at, now)), now);
    mark(sql, session, reservation, row, "confirmed");
  }
}

export function release(sql: SqlStorage, session: string, reservation: string): void {
  for (const row of rowsOf(sql, session, reservation)) {
    if (row.state !== "held") continue;
    takeBack(sql, row, BigInt(row.amount), row.at);
    mark(sql, session, reservation, row, "released");
  }
}

/** By session, those that were held before `before` and of which nothing was heard since. */
export function unsettled(sql: SqlStorage, before: number): ReadonlyMap<string, readonly string[]> {
  const query = "SELECT DISTINCT session, reservation FROM reservations WHERE state = 'held' AND at < ? LIMIT 500";
  const bySession = new Map<string, string[]>();
  for (const row of rows<{ readonly session: string; readonly reservation: string }>(sql, query, before))
    bySession.set(row.session, [...(bySession.get(row.session) ?? []), row.reservation]);
  return bySession;
}

export function oldestHeld(sql: SqlStorage): number | null {
  return sql.exec<{ at: number | null }>("SELECT min(at) AS at FROM reservations WHERE state = 'held'").one().at;
}

/** Settled ones are kept only for calls that arrive twice. */
export function forgetSettled(sql: SqlStorage, before: number): void {
  sql.exec("DELETE FROM reservations WHERE state <> 'held' AND at < ?", before);
}

function rowsOf(sql: SqlStorage, session: string, reservation: string): readonly Row[] {
  const query =
    "SELECT counter, key, window, amount, at, state FROM reservations WHERE session = ? AND reservation = ?";
  return rows<Row>(sql, query, session, reservation);
}

function mark(sql: SqlStorage, session: string, reservation: string, row: Row, state: Row["state"]): void {
  sql.exec(
    "UPDATE reservations SET state = ? WHERE session = ? AND reservation = ? AND counter = ? AND key = ?",
    state,
    session,
    reservation,
    row.counter,
    row.key,
  );
}
