/** Why a session doesn't open, as the engine decided it: a person who would be asked can't be, since nothing could wait. */
import type { Decision } from "../../engine/index.ts";
import type { OpeningRefusal } from "../rpc.ts";

/** Null: nothing speaks against it. */
export function openingRefusal({ decision, reason, message, limits }: Decision, now: number): OpeningRefusal | null {
  if (decision === "allow") return null;
  const over = limits.filter((limit) => limit.over);
  const refused = decision === "ask" && over.length > 0 ? "limit_exceeded" : reason;
  const again = refused === "limit_exceeded" ? latest(over.map((limit) => limit.resets_at)) : null;
  return { reason: refused, message, retry_after: again === null ? null : secondsUntil(again, now) };
}

export function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1_000));
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}
