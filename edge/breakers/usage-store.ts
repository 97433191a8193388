/** Which actions were used when, in SQL: what `Nx usual` and `first use` compare with. Inside a transaction. */
import { firstRow, rows } from "../rows.ts";
import type { UsedActions, UsualView } from "../rpc.ts";
import {
  addCalls,
  busiestAround,
  HOUR,
  hourOf,
  type Seen,
  type Slot,
  slotOf,
  usualInHour,
  weekOf,
} from "./usual-rate.ts";

export const USAGE_SCHEMA = `
  CREATE TABLE IF NOT EXISTS usage_watch (
    id INTEGER PRIMARY KEY CHECK (id = 1), since INTEGER NOT NULL, learning_since INTEGER NOT NULL,
    last_at INTEGER NOT NULL, swept_week INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS used_actions (action TEXT PRIMARY KEY, last_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS usage_slots (
    action TEXT NOT NULL, slot INTEGER NOT NULL, week INTEGER NOT NULL, current INTEGER NOT NULL, past REAL NOT NULL,
    PRIMARY KEY (action, slot)
  ) WITHOUT ROWID;
`;

/** More are forgotten, the longest unused first: using one of them again is then a first use. */
const MOST_ACTIONS = 1_000;
/** Older calls weigh next to nothing. */
const KEPT_WEEKS = 52;
/** Whoever did nothing for so long may do other things from now on. */
const LEARNS_ANEW_AFTER = 4 * 7 * 24 * HOUR;

interface Watch {
  /** Since when each use was seen. */
  readonly since: number;
  readonly learning_since: number;
  readonly last_at: number;
  readonly swept_week: number;
}

function readWatch(sql: SqlStorage): Watch | null {
  return firstRow<Watch>(sql, "SELECT since, learning_since, last_at, swept_week FROM usage_watch");
}

/** From now on every use is seen. Again it changes nothing. */
export function beginWatching(sql: SqlStorage, now: number): void {
  sql.exec(
    "INSERT OR IGNORE INTO usage_watch (id, since, learning_since, last_at, swept_week) VALUES (1, ?1, ?1, ?1, ?2)",
    now,
    weekOf(hourOf(now)),
  );
}

/** What was used, as far as it is a use at all; the hours are learned by `learnCalls`. */
export function noteUse(sql: SqlStorage, action: string, at: number): void {
  beginWatching(sql, at);
  sql.exec(
    `INSERT INTO used_actions (action, last_at) VALUES (?1, ?2)
     ON CONFLICT (action) DO UPDATE SET last_at = max(last_at, ?2)`,
    action,
    at,
  );
}

export function learnCalls(sql: SqlStorage, actions: UsedActions["actions"]): void {
  for (const { action, hour, calls, at } of actions) {
    noteUse(sql, action, at);
    learnAnewAfterPause(sql, at);
    writeSlot(sql, action, slotOf(hour), addCalls(readSlot(sql, action, slotOf(hour)), weekOf(hour), calls));
  }
  sweep(sql);
}

function learnAnewAfterPause(sql: SqlStorage, at: number): void {
  const watch = readWatch(sql);
  if (watch !== null && at - watch.last_at > LEARNS_ANEW_AFTER) {
    sql.exec("DELETE FROM usage_slots");
    sql.exec("UPDATE usage_watch SET learning_since = ?", at);
  }
  sql.exec("UPDATE usage_watch SET last_at = max(last_at, ?)", at);
}

/** Once a week, and whenever there are too many actions. */
function sweep(sql: SqlStorage): void {
  const { actions } = sql.exec<{ actions: number }>("SELECT count(*) AS actions FROM used_actions").one();
  if (actions > MOST_ACTIONS) {
    const gone = "SELECT action FROM used_actions ORDER BY last_at DESC, action LIMIT -1 OFFSET ?";
    sql.exec(`DELETE FROM usage_slots WHERE action IN (${gone})`, MOST_ACTIONS);
    sql.exec(`DELETE FROM used_actions WHERE action IN (${gone})`, MOST_ACTIONS);
  }
  const watch = readWatch(sql);
  const week = watch === null ? 0 : weekOf(hourOf(watch.last_at));
  if (watch === null || week === watch.swept_week) return;
  sql.exec("DELETE FROM usage_slots WHERE week < ?", week - KEPT_WEEKS);
  sql.exec("UPDATE usage_watch SET swept_week = ?", week);
}

/** Was the action never used for so long before this moment, though it would have been seen? */
export function isFirstUse(sql: SqlStorage, action: string, after: number, at: number): boolean {
  const watch = readWatch(sql);
  if (watch === null || at - watch.since < after) return false;
  const used = firstRow<{ last_at: number }>(sql, "SELECT last_at FROM used_actions WHERE action = ?", action);
  return used === null || at - used.last_at >= after;
}

/** Null where nothing was seen yet. */
export function seenOf(sql: SqlStorage, action: string): Seen | null {
  const watch = readWatch(sql);
  if (watch === null) return null;
  const found = rows<Slot & { slot: number }>(
    sql,
    "SELECT slot, week, current, past FROM usage_slots WHERE action = ?",
    action,
  );
  const slots = new Map(found.map(({ slot, ...rest }) => [slot, rest]));
  return { since: watch.learning_since, slot: (number) => slots.get(number) ?? null };
}

/** What people see of it, the actions that were used last first. */
export function usualView(sql: SqlStorage, now: number, most: number): UsualView {
  const watch = readWatch(sql);
  if (watch === null) return { since: null, learned: false, actions: [] };
  const nothing: Seen = { since: watch.learning_since, slot: () => null };
  const used = rows<{ action: string; last_at: number }>(
    sql,
    "SELECT action, last_at FROM used_actions ORDER BY last_at DESC, action LIMIT ?",
    most,
  );
  return {
    since: watch.since,
    learned: usualInHour(nothing, hourOf(now) - 1) !== null,
    actions: used.map(({ action, last_at }) => ({ action, last_at, ...hourOfAction(sql, action, hourOf(now)) })),
  };
}

function hourOfAction(
  sql: SqlStorage,
  action: string,
  hour: number,
): { readonly this_hour: number; readonly usual: number | null } {
  const seen = seenOf(sql, action);
  const slot = seen?.slot(slotOf(hour)) ?? null;
  const this_hour = slot !== null && slot.week === weekOf(hour) ? slot.current : 0;
  const usual = seen === null ? null : busiestAround(seen, hour);
  return { this_hour, usual: usual === null ? null : Math.round(usual * 100) / 100 };
}

function readSlot(sql: SqlStorage, action: string, slot: number): Slot | null {
  return firstRow<Slot>(sql, "SELECT week, current, past FROM usage_slots WHERE action = ? AND slot = ?", action, slot);
}

function writeSlot(sql: SqlStorage, action: string, slot: number, { week, current, past }: Slot): void {
  sql.exec(
    "INSERT OR REPLACE INTO usage_slots (action, slot, week, current, past) VALUES (?, ?, ?, ?, ?)",
    action,
    slot,
    week,
    current,
    past,
  );
}
