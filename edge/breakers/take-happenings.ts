/** What an object that counts for breakers does with what a session tells it. In a transaction. */
import type { Happening, SessionReport, ToldTrips, Trip } from "../rpc.ts";
import { countHappening } from "./count-happening.ts";
import { FLIPS_SCHEMA, isFlipping, postFlips } from "./flip-store.ts";
import { forgetTallies, TALLIES_SCHEMA } from "./tally-store.ts";
import { forgetTold, noteTold, TOLD_SCHEMA, toldBefore } from "./told-store.ts";
import { learnCalls, USAGE_SCHEMA } from "./usage-store.ts";
import { hourOf } from "./usual-rate.ts";
import { counterOf } from "./watches.ts";

export const BREAKERS_SCHEMA = `${TALLIES_SCHEMA}${TOLD_SCHEMA}${FLIPS_SCHEMA}${USAGE_SCHEMA}`;

/**
 * @param learns whether hours are learned from each call here; else sessions tell of them in `used`
 * @returns what tripped, by happening; the same again for what was told before
 */
export function takeHappenings(
  sql: SqlStorage,
  { session, happened = [], used = [], settled = 0 }: SessionReport,
  now: number,
  learns: boolean,
): readonly ToldTrips[] {
  if (happened.length + used.length === 0) return [];
  forgetTallies(sql, now);
  forgetTold(sql, session, settled, now);
  for (const each of used) {
    if (toldBefore(sql, session, "used", each.seq) !== null) continue;
    learnCalls(sql, each.actions);
    noteTold(sql, session, "used", each.seq, [], now);
  }
  return happened.map((happening) => ({ seq: happening.seq, trips: takeOne(sql, session, happening, now, learns) }));
}

function takeOne(
  sql: SqlStorage,
  session: string,
  happening: Happening,
  now: number,
  learns: boolean,
): readonly Trip[] {
  const before = toldBefore(sql, session, "happened", happening.seq);
  if (before !== null) return before;
  const { seq, kind, action, at } = happening;
  // What is on its way to be killed trips no further breaker: it is over as soon as the switch has arrived.
  const breakers = happening.breakers.filter((breaker) => !isFlipping(sql, counterOf(breaker)));
  const trips = countHappening(sql, { ...happening, breakers });
  for (const trip of trips) {
    const breaker = breakers.find(({ name }) => name === trip.breaker);
    if (breaker !== undefined) postFlips(sql, trip, { session, seq, counter: counterOf(breaker) }, now);
  }
  if (learns && kind === "called") learnCalls(sql, [{ action, hour: hourOf(at), calls: 1, at }]);
  noteTold(sql, session, "happened", seq, trips, now);
  return trips;
}
