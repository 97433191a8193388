/**
 * Step 6: what must be held by other objects before a verdict may stand, and whether what is held is enough. Pure.
 */
import type { LimitRow } from "../../../engine/index.ts";
import { holderOf, type Payer, shareKey } from "../../limits/holder.ts";
import type { AuthorizeInput, Holder, ReserveItem, ReserveOutput } from "../../rpc.ts";
import type { SharedUsage } from "./engine-state.ts";
import type { Verdict } from "./judge.ts";

export interface Plan {
  /** False: only read what is used. */
  readonly reserve: boolean;
  /** In the order in which their holders are asked: the same for all sessions. */
  readonly shares: readonly Share[];
  /** Deadline of the approval that would be asked; null when none would be new. */
  readonly place: number | null;
}

/** What one object counts. */
export interface Share {
  readonly holder: Holder;
  readonly items: readonly ReserveItem[];
}

/** Under which names others hold something for a request. */
export interface HeldNames {
  readonly reservation: string;
  /** The id that a new approval would get. */
  readonly new_approval: string;
}

export interface Held extends HeldNames {
  readonly plan: Plan;
  /** By holder; one that wasn't asked because an earlier one held nothing is missing. */
  readonly outputs: ReadonlyMap<Holder, Granted>;
}

export type Granted = Exclude<ReserveOutput, { readonly refused: string }>;

/** Null when the session decides by itself. */
export function planOf(verdict: Verdict, input: AuthorizeInput, now: number): Plan | null {
  if (verdict.kind === "deny") return null;
  const items = itemsOf(verdict, input);
  const place = verdict.kind === "ask" && verdict.approval === null ? now + decideWithin(verdict, input) : null;
  if (items.length === 0 && place === null) return null;
  const own: Holder = `agent ${input.agent}`;
  const shares = sharesOf(items, { agent: input.agent, requester: input.remainder.requester });
  const asked = place === null || shares.some(({ holder }) => holder === own);
  return { reserve: verdict.kind === "allow", shares: asked ? shares : [...shares, { holder: own, items: [] }], place };
}

/** By holder, in the order of their names. */
export function sharesOf(items: readonly ReserveItem[], payer: Payer): readonly Share[] {
  const shares = new Map<Holder, ReserveItem[]>();
  for (const item of items) {
    const holder = holderOf(item.limit, payer);
    if (holder !== null) shares.set(holder, [...(shares.get(holder) ?? []), item]);
  }
  return [...shares]
    .map(([holder, own]) => ({ holder, items: own }))
    .toSorted((a, b) => (a.holder < b.holder ? -1 : 1));
}

/** How long people have for it: the shortest of what is asked. */
export function decideWithin(verdict: Verdict, input: AuthorizeInput): number {
  const asked = input.remainder.approvals.filter((each) => verdict.decision.approvals.includes(each.name));
  if (asked.length < verdict.decision.approvals.length) throw new Error("an approval that is asked isn't defined");
  return Math.min(...asked.map((each) => each.within));
}

function itemsOf(verdict: Verdict, input: AuthorizeInput): readonly ReserveItem[] {
  const { decision } = verdict;
  const concerned = new Set(decision.limits.filter((each) => each.per !== "session").map((each) => each.id));
  const beyond = new Set(decision.spends.filter((spend) => spend.beyond).map((spend) => shareKey(spend.limit)));
  return input.remainder.limits
    .filter((limit) => !limit.trial && limit.per !== "session" && concerned.has(limit.id))
    .map((limit) => ({ limit, beyond: beyond.has(shareKey(limit)) }));
}

export function usageFrom(held: Held | null): SharedUsage {
  return held === null ? new Map() : usageOf(held.plan.shares, held.outputs);
}

/** Of holders that weren't asked nothing is known. */
export function usageOf(shares: readonly Share[], outputs: Held["outputs"]): SharedUsage {
  return new Map(
    shares.flatMap(({ holder, items }) => {
      const output = outputs.get(holder);
      if (output === undefined) return [];
      return items.map((item, index) => [shareKey(item.limit), output.items[index] ?? NOTHING_LEFT] as const);
    }),
  );
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
  const place = held.outputs.get(`agent ${input.agent}`)?.place;
  if (place === undefined) return "changed";
  return place ? "enough" : "no_place";
}

function isHeld(wanted: ReserveItem, verdict: Verdict, held: Held | null): boolean {
  for (const share of held?.plan.shares ?? []) {
    const item = share.items.find((each) => isSame(each.limit, wanted.limit));
    if (item === undefined) continue;
    const output = held?.outputs.get(share.holder);
    if (verdict.kind !== "allow" || output === undefined) return output !== undefined;
    return output.reserved && (item.beyond || !wanted.beyond);
  }
  return false;
}

function isSame(one: LimitRow, other: LimitRow): boolean {
  return shareKey(one) === shareKey(other) && one.key === other.key;
}
