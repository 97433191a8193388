/**
 * Step 6: what must be held by the agent's object before a verdict may stand, and whether what is held is enough. Pure.
 */
import type { LimitRow } from "../../../engine/index.ts";
import type { AuthorizeInput, ReserveItem, ReserveOutput } from "../../rpc.ts";
import type { SharedUsage } from "./engine-state.ts";
import type { Verdict } from "./judge.ts";

export interface Plan {
  /** False: only read what is used. */
  readonly reserve: boolean;
  readonly items: readonly ReserveItem[];
  /** Deadline of the approval that would be asked; null when none would be new. */
  readonly place: number | null;
}

export interface Held {
  readonly plan: Plan;
  readonly output: Exclude<ReserveOutput, { readonly refused: string }>;
}

/** Null when the session decides by itself. */
export function planOf(verdict: Verdict, input: AuthorizeInput, now: number): Plan | null {
  if (verdict.kind === "deny") return null;
  const items = itemsOf(verdict, input);
  const place = verdict.kind === "ask" && verdict.approval === null ? now + decideWithin(verdict, input) : null;
  if (items.length === 0 && place === null) return null;
  return { reserve: verdict.kind === "allow", items, place };
}

/** How long people have for it: the shortest of what is asked. */
export function decideWithin(verdict: Verdict, input: AuthorizeInput): number {
  const asked = input.remainder.approvals.filter((each) => verdict.decision.approvals.includes(each.name));
  if (asked.length < verdict.decision.approvals.length) throw new Error("an approval that is asked isn't defined");
  return Math.min(...asked.map((each) => each.within));
}

function itemsOf(verdict: Verdict, input: AuthorizeInput): readonly ReserveItem[] {
  const { decision } = verdict;
  const concerned = new Set(decision.limits.filter((each) => each.per === "agent").map((each) => each.id));
  const beyond = new Set(decision.spends.filter((spend) => spend.beyond).map((spend) => spend.limit.id));
  return input.remainder.limits
    .filter((limit) => !limit.trial && concerned.has(limit.id))
    .map((limit) => ({ limit, beyond: beyond.has(limit.id) }));
}

export function usageFrom(held: Held | null): SharedUsage {
  return new Map(held?.plan.items.map((item, index) => [item.limit.id, held.output.items[index] ?? NOTHING_LEFT]));
}

/** An answer that lacks an item is broken: nothing may rest on it. */
const NOTHING_LEFT = { used: 10n ** 30n, admits_at: null };

export type Sufficiency = "enough" | "no_place" | "changed";

/** Does the verdict rest on nothing but what is held? */
export function sufficiency(verdict: Verdict, input: AuthorizeInput, held: Held | null): Sufficiency {
  if (verdict.kind === "deny") return "enough";
  const wanted = itemsOf(verdict, input);
  if (!wanted.every((item) => isHeld(item, verdict, held))) return "changed";
  if (verdict.kind === "allow" || verdict.approval !== null) return "enough";
  if (held === null || held.plan.place === null) return "changed";
  return held.output.place ? "enough" : "no_place";
}

function isHeld(wanted: ReserveItem, verdict: Verdict, held: Held | null): boolean {
  const item = held?.plan.items.find((each) => isSame(each.limit, wanted.limit));
  if (held === null || item === undefined) return false;
  if (verdict.kind !== "allow") return true;
  return held.output.reserved && (item.beyond || !wanted.beyond);
}

function isSame(one: LimitRow, other: LimitRow): boolean {
  return one.id === other.id && one.key === other.key;
}
