/** What a breaker's trip does to the session: a record, and where it kills the session, a freeze. In a transaction. */
import { onceOf, reasonOf } from "../../breakers/flip-store.ts";
import { breakerAuthor } from "../../edge-author.ts";
import { personName } from "../../person-name.ts";
import type { FlipInput, Trip } from "../../rpc.ts";
import { post } from "../outbox.ts";
import { freezeTree } from "./life.ts";
import { type Member, readRoot } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";

/** A notice for the channels that the breaker tells is this record; whoever watches the log reads of it too. */
export function recordTrip(context: SessionContext, row: Member, trip: Trip, now: number): void {
  const { breaker, per, what, decision_id, kill, tell } = trip;
  note(context, row, { kind: "breaker.tripped", breaker, per, what, decision_id, kill, notify: tell }, now);
  // Who a person is has no place in a log of the platform.
  const kills = kill.map(({ scope, name }) => (scope === "requester" ? scope : `${scope} ${name}`));
  console.warn(JSON.stringify({ event: "breaker_tripped", breaker, what, kills }));
}

/** @param seq of the record of what made it trip */
export function tripSession(context: SessionContext, trip: Trip, seq: number, now: number): void {
  const root = readRoot(context.sql);
  if (root === null) return;
  for (const { scope, name } of trip.kill) {
    const reason = reasonOf(trip);
    const by = breakerAuthor(trip.breaker);
    if (scope === "session" && name === root.session)
      freezeTree(context, { reason, by: personName(by) }, "breaker", now);
    const flip: TripFlip = { scope, name, reason, by, once: onceOf(root.session, seq, trip.breaker, scope) };
    post(context.sql, root, "trip", JSON.stringify(flip), now);
  }
}

/** What the Switchboard is told. */
export type TripFlip = Omit<FlipInput, "sequence">;
