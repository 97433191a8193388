/**
 * Records that wait for their sinks, in SQL: one queue a shard, and a place in it for each sink. What a sink refuses
 * leaves the queue as a dead letter, so that it holds up nothing behind it. All of it is synchronous.
 */
import { assertNever } from "../../assert-never.ts";
import type { Delivery } from "../../export/outgoing.ts";
import type { Sink } from "../../export/sink.ts";
import { firstRow, rows } from "../../rows.ts";
import type { DeadLetter, SinkCounters } from "../../rpc.ts";
import type { TakenRecord } from "./read-line.ts";

export const EXPORT_SCHEMA = `
  CREATE TABLE IF NOT EXISTS export_queue (
    n INTEGER PRIMARY KEY AUTOINCREMENT, log TEXT NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS export_sinks (
    name TEXT PRIMARY KEY, done INTEGER NOT NULL, size INTEGER NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL,
    sent INTEGER NOT NULL, failed INTEGER NOT NULL, dead INTEGER NOT NULL, problem TEXT
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS export_dead (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sink TEXT NOT NULL, n INTEGER NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL,
    text TEXT NOT NULL, problem TEXT NOT NULL, at INTEGER NOT NULL, again INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS export_dead_of_sink ON export_dead (sink, again, id);
`;

export interface Waiting {
  /** Set for dead letters that are sent again; null: from the queue. */
  readonly letters: readonly number[] | null;
  readonly records: readonly QueuedRecord[];
}

export interface QueuedRecord {
  readonly n: number;
  readonly log: string;
  readonly seq: number;
  readonly text: string;
}

interface Place {
  readonly done: number;
  readonly size: number;
  readonly tries: number;
  readonly due: number;
}

/** Sinks that came begin with what is taken from now on; those that went leave nothing behind but their dead letters. */
export function settleSinks(sql: SqlStorage, sinks: readonly Sink[]): void {
  const newest =
    "SELECT max(coalesce((SELECT max(n) FROM export_queue), 0), coalesce((SELECT max(done) FROM export_sinks), 0)) AS n";
  const last = firstRow<{ n: number }>(sql, newest)?.n ?? 0;
  const insert = `INSERT OR IGNORE INTO export_sinks (name, done, size, tries, due, sent, failed, dead)
    VALUES (?, ?, ?, 0, 0, 0, 0, 0)`;
  for (const { name, batch } of sinks) sql.exec(insert, name, last, batch);
  const names = new Set(sinks.map(({ name }) => name));
  for (const { name } of rows<{ name: string }>(sql, "SELECT name FROM export_sinks"))
    if (!names.has(name)) sql.exec("DELETE FROM export_sinks WHERE name = ?", name);
  forget(sql);
}

/** In the transaction that anchors them. */
export function enqueue(sql: SqlStorage, log: string, records: readonly TakenRecord[], now: number): void {
  const insert = "INSERT INTO export_queue (log, seq, text, at) VALUES (?, ?, ?, ?)";
  for (const { seq, text } of records) sql.exec(insert, log, seq, text, now);
}

/** What goes out next to the sink; null where nothing waits, or it is to be left alone until later. */
export function nextBatch(sql: SqlStorage, { name, batch }: Sink, now: number): Waiting | null {
  const place = placeOf(sql, name);
  if (place === null || place.due > now) return null;
  const size = Math.min(batch, place.size);
  const again = rows<QueuedRecord & { id: number }>(
    sql,
    "SELECT id, n, log, seq, text FROM export_dead WHERE sink = ? AND again = 1 ORDER BY id LIMIT ?",
    name,
    size,
  );
  if (again.length > 0) return { letters: again.map(({ id }) => id), records: again };
  const query = "SELECT n, log, seq, text FROM export_queue WHERE n > ? ORDER BY n LIMIT ?";
  const records = rows<QueuedRecord>(sql, query, place.done, size);
  return records.length === 0 ? null : { letters: null, records };
}

function placeOf(sql: SqlStorage, name: string): Place | null {
  return firstRow<Place>(sql, "SELECT done, size, tries, due FROM export_sinks WHERE name = ?", name);
}

/** What became of it. A batch that is refused is cut in two until the record is found that isn't taken. In a transaction. */
export function settleBatch(sql: SqlStorage, sink: Sink, waiting: Waiting, delivery: Delivery, now: number): void {
  const place = placeOf(sql, sink.name);
  if (place === null) return;
  const count = waiting.records.length;
  switch (delivery.kind) {
    case "sent":
      pass(sql, sink, waiting);
      return countUp(sql, sink.name, "sent", count);
    case "partly":
      return bury(sql, sink, waiting, delivery.why, now);
    case "refused":
      if (count === 1) return bury(sql, sink, waiting, delivery.why, now);
      countUp(sql, sink.name, "failed", 1);
      sql.exec("UPDATE export_sinks SET size = ?, problem = ? WHERE name = ?", count >> 1, delivery.why, sink.name);
      return;
    case "later":
      if (place.tries + 1 >= sink.retry.attempts) return bury(sql, sink, waiting, delivery.why, now);
      return postpone(sql, sink, place, delivery, now);
    default:
      return assertNever(delivery);
  }
}

/** It is through, so the next one may be larger again. */
function pass(sql: SqlStorage, { name, batch }: Sink, { letters, records }: Waiting): void {
  const size = Math.min(batch, 2 * Math.max(1, records.length));
  if (letters === null) {
    const done = records.at(-1)?.n ?? 0;
    sql.exec("UPDATE export_sinks SET done = ?1 WHERE name = ?2 AND done < ?1", done, name);
    forget(sql);
  } else for (const id of letters) sql.exec("DELETE FROM export_dead WHERE id = ?", id);
  const update = "UPDATE export_sinks SET tries = 0, due = 0, problem = NULL, size = max(size, ?) WHERE name = ?";
  sql.exec(update, size, name);
}

function bury(sql: SqlStorage, sink: Sink, waiting: Waiting, problem: string, now: number): void {
  const { letters, records } = waiting;
  const insert = `INSERT INTO export_dead (sink, n, log, seq, text, problem, at, again) VALUES (?, ?, ?, ?, ?, ?, ?, 0)`;
  if (letters === null)
    for (const { n, log, seq, text } of records) sql.exec(insert, sink.name, n, log, seq, text, problem, now);
  const keep = "UPDATE export_dead SET again = 0, problem = ?, at = ? WHERE id = ?";
  for (const id of letters ?? []) sql.exec(keep, problem, now, id);
  if (letters === null) pass(sql, sink, waiting);
  sql.exec("UPDATE export_sinks SET tries = 0, due = 0, problem = ? WHERE name = ?", problem, sink.name);
  countUp(sql, sink.name, "failed", 1);
  countUp(sql, sink.name, "dead", records.length);
}

function postpone(
  sql: SqlStorage,
  { name, retry }: Sink,
  { tries }: Place,
  { why, after }: Extract<Delivery, { kind: "later" }>,
  now: number,
): void {
  const pause = Math.min(retry.longest, retry.first * 2 ** Math.min(tries, 30));
  const due = now + Math.max(pause, after ?? 0);
  sql.exec("UPDATE export_sinks SET tries = ?, due = ?, problem = ? WHERE name = ?", tries + 1, due, why, name);
  countUp(sql, name, "failed", 1);
}

function countUp(sql: SqlStorage, name: string, what: "sent" | "failed" | "dead", by: number): void {
  sql.exec(`UPDATE export_sinks SET ${what} = ${what} + ? WHERE name = ?`, by, name);
}

/** What every sink has had. */
function forget(sql: SqlStorage): void {
  sql.exec("DELETE FROM export_queue WHERE n <= coalesce((SELECT min(done) FROM export_sinks), n)");
}

/** When something is to be sent next; null: nothing waits. */
export function exportDue(sql: SqlStorage, sinks: readonly Sink[], now: number): number | null {
  const dues = sinks.flatMap(({ name }) => {
    const place = placeOf(sql, name);
    return place === null || !waits(sql, name, place.done) ? [] : [Math.max(place.due, now)];
  });
  return dues.length === 0 ? null : Math.min(...dues);
}

function waits(sql: SqlStorage, name: string, done: number): boolean {
  if (firstRow(sql, "SELECT 1 FROM export_queue WHERE n > ? LIMIT 1", done) !== null) return true;
  return firstRow(sql, "SELECT 1 FROM export_dead WHERE sink = ? AND again = 1 LIMIT 1", name) !== null;
}

export function sinkCounters(sql: SqlStorage, now: number): readonly SinkCounters[] {
  const query = `SELECT name, sent, failed, export_sinks.dead AS given_up, problem,
      (SELECT count(*) FROM export_queue WHERE n > done) AS waiting,
      (SELECT min(at) FROM export_queue WHERE n > done) AS oldest,
      (SELECT count(*) FROM export_dead WHERE sink = name) AS dead
    FROM export_sinks ORDER BY name`;
  return rows<Omit<SinkCounters, "lag"> & { readonly oldest: number | null }>(sql, query).map(
    ({ oldest, ...counters }) => ({ ...counters, lag: oldest === null ? 0 : Math.max(0, now - oldest) }),
  );
}

/** The oldest first, from an id on. */
export function deadLetters(sql: SqlStorage, sink: string, after: number, limit: number): readonly DeadLetter[] {
  const query = `SELECT id, log, seq, problem, at, again FROM export_dead WHERE sink = ? AND id > ? ORDER BY id LIMIT ?`;
  return rows<Omit<DeadLetter, "again"> & { readonly again: number }>(sql, query, sink, after, limit).map((letter) => ({
    ...letter,
    again: letter.again === 1,
  }));
}

/** Sent again before anything else, in their order. @returns how many */
export function requeue(sql: SqlStorage, sink: string): number {
  sql.exec("UPDATE export_sinks SET tries = 0, due = 0 WHERE name = ?", sink);
  return rows(sql, "UPDATE export_dead SET again = 1 WHERE sink = ? AND again = 0 RETURNING id", sink).length;
}
