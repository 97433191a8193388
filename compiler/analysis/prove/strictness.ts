/** Fates and tiers on one scale. */
import type { Tier } from "../../../engine/index.ts";
import type { Fate } from "../space/effect.ts";

const RANKS: { readonly [tier in Tier | "deny"]: number } = { allow: 0, notify: 1, ask: 2, never: 3, deny: 3 };

/** At least as strict as the tier; an `ask` needs these approvals, and may need more. */
export function isAtLeast(fate: Fate, tier: Tier, via: readonly string[]): boolean {
  if (RANKS[fate.tier] !== RANKS[tier]) return RANKS[fate.tier] > RANKS[tier];
  return tier !== "ask" || via.every((approval) => fate.via.includes(approval));
}

/** Never stricter than the tier; an `ask` needs none but these approvals, where they are named. */
export function isAtMost(fate: Fate, tier: Tier, via: readonly string[]): boolean {
  if (RANKS[fate.tier] !== RANKS[tier]) return RANKS[fate.tier] < RANKS[tier];
  return tier !== "ask" || via.length === 0 || fate.via.every((approval) => via.includes(approval));
}
