/**
 * Something that breakers count has happened: those of the session itself are counted at once, so that it freezes in the
 * same transaction; whoever counts for several sessions is told. In a transaction.
 */
import type { Breaker } from "../../../engine/index.ts";
import { countHappening } from "../../breakers/count-happening.ts";
import { forgetTallies } from "../../breakers/tally-store.ts";
import { counterHolder, watches } from "../../breakers/watches.ts";
import type { Happening, Holder, Scene } from "../../rpc.ts";
import { post } from "../outbox.ts";
import type { Member } from "./member.ts";
import { recordTrip, tripSession } from "./trip-session.ts";
import type { SessionContext } from "./session-context.ts";

export function tellBreakers(
  context: SessionContext,
  row: Member,
  breakers: readonly Breaker[],
  what: Omit<Happening, "scene" | "breakers">,
): void {
  const scene: Scene = { session: row.root, agent: row.agent, requester: row.requester?.id ?? null };
  const watching = breakers.filter(({ event }) => watches(event, what.kind));
  const holders = new Map<Holder | "session", Breaker[]>();
  for (const breaker of watching) {
    const holder = counterHolder(breaker, scene);
    if (holder !== null) holders.set(holder, [...(holders.get(holder) ?? []), breaker]);
  }
  for (const [holder, counted] of holders) {
    const happening: Happening = { ...what, scene, breakers: counted };
    if (holder === "session") countHere(context, row, happening);
    else post(context.sql, row, "happened", JSON.stringify(happening), what.at, holder);
  }
}

function countHere(context: SessionContext, row: Member, happening: Happening): void {
  forgetTallies(context.sql, happening.at);
  for (const trip of countHappening(context.sql, happening)) {
    recordTrip(context, row, trip, happening.at);
    tripSession(context, trip, happening.seq, happening.at);
  }
}
