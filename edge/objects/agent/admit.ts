/** Whether one more session may open. Inside a transaction, with a lease held. */
import { decide, OPENING } from "../../../engine/index.ts";
import type { LimitRow, State } from "../../../engine/index.ts";
import { addCount, readUsage } from "../../limits/count-store.ts";
import { shareKey } from "../../limits/holder.ts";
import { onceACount } from "../../limits/once-a-count.ts";
import type { AdmitInput, AdmitOutput, SwitchRef } from "../../rpc.ts";
import { stopsAction, stopsAgent, stopsRequester } from "../../switches/switch-reach.ts";
import { openingRefusal, secondsUntil } from "../opening-refusal.ts";
import { openingState } from "../opening-state.ts";
import { useCredentials } from "./agent-row.ts";
import { addSession, capReached } from "./session-list.ts";

type Refused = Exclude<AdmitOutput, { readonly admitted: true }>;

/** A killed role or class stops what is done in sessions: opening one needs no grant, and is of no class. */
export function stopsOpening(flipped: SwitchRef, { opening }: Pick<AdmitInput, "opening">): boolean {
  return stopsAgent(flipped) || stopsRequester(flipped, opening.requester) || stopsAction(flipped, OPENING.name, []);
}

/** Null: admitted, and written down. */
export function admitSession(sql: SqlStorage, input: AdmitInput, now: number): Refused | null {
  if (!useCredentials(sql, input.credentials, now)) return { refused: "replayed_credential" };
  if (input.against !== undefined) return { admitted: false, ...input.against };
  const decision = decide(input.opening, stateOf(sql, input, now));
  const refusal = openingRefusal(decision, now);
  if (refusal !== null) return { admitted: false, ...refusal };
  const capped = (input.limited ?? decision.limits.length > 0) ? null : byCaps(sql, now);
  if (capped !== null) return capped;
  // What others count they hold already.
  for (const { limit } of onceACount(decision.spends.filter((spend) => isOwn(spend.limit))))
    addCount(sql, limit, limit.amount, now, now);
  addSession(sql, input, now);
  return null;
}

/**
 * One that was admitted already and whose answer was lost: it is counted once. A root is asked for again by the very
 * same call; a session below another by a new one with the same ticket, which uses up a credential like any other.
 */
export function admitAgain(sql: SqlStorage, { credentials, chain }: AdmitInput, now: number): Refused | null {
  if (chain === undefined || useCredentials(sql, credentials, now)) return null;
  return { refused: "replayed_credential" };
}

function stateOf(sql: SqlStorage, { starts_with, shared }: AdmitInput, now: number): State {
  return openingState(starts_with, now, (limit) =>
    isOwn(limit) ? readUsage(sql, limit, now) : (shared.get(shareKey(limit)) ?? null),
  );
}

/** Whatever others count, and weren't asked about, is taken for used up. */
function isOwn({ per, agent }: LimitRow): boolean {
  return per === "agent" && agent === null;
}

function byCaps(sql: SqlStorage, now: number): Refused | null {
  const cap = capReached(sql, now);
  if (cap === null) return null;
  const retry_after = cap.at === null ? null : secondsUntil(cap.at, now);
  return { admitted: false, reason: "limit_exceeded", message: cap.message, retry_after };
}
