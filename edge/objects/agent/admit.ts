/** Whether one more session may open. Inside a transaction, with a lease held. */
import { decide, OPENING } from "../../../engine/index.ts";
import type { Decision, LimitRow, State } from "../../../engine/index.ts";
import { addCount, readUsage } from "../../limits/count-store.ts";
import { shareKey } from "../../limits/holder.ts";
import { onceACount } from "../../limits/once-a-count.ts";
import type { AdmitInput, AdmitOutput, SwitchRef } from "../../rpc.ts";
import { stopsAction, stopsAgent, stopsRequester } from "../../switches/switch-reach.ts";
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
  const decision = decide(input.opening, stateOf(sql, input, now));
  const refusal = refusalOf(decision, now) ?? (decision.limits.length === 0 ? byCaps(sql, now) : null);
  if (refusal !== null) return refusal;
  // What others count they hold already.
  for (const { limit } of onceACount(decision.spends.filter((spend) => isOwn(spend.limit))))
    addCount(sql, limit, limit.amount, now, now);
  addSession(sql, input.session, input.opening.requester, input.until, now);
  return null;
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

/** A rule or limit that would ask a person can't here: there is no session yet that could wait. */
function refusalOf({ decision, reason, message, limits }: Decision, now: number): Refused | null {
  if (decision === "allow") return null;
  const over = limits.find((limit) => limit.over);
  const refused = decision === "ask" && over !== undefined ? "limit_exceeded" : reason;
  const again =
    refused === "limit_exceeded" ? latest(limits.map((limit) => (limit.over ? limit.resets_at : null))) : null;
  return { admitted: false, reason: refused, message, retry_after: again === null ? null : secondsUntil(again, now) };
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function byCaps(sql: SqlStorage, now: number): Refused | null {
  const cap = capReached(sql, now);
  if (cap === null) return null;
  const retry_after = cap.at === null ? null : secondsUntil(cap.at, now);
  return { admitted: false, reason: "limit_exceeded", message: cap.message, retry_after };
}

function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1_000));
}
