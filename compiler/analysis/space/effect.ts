/** What rows do together, and the outcome that follows. */
import { compareText } from "../../sorted-set.ts";

/** What one row does, or several together. */
export interface Effect {
  readonly grants: boolean;
  readonly denies: boolean;
  /** Names of approvals and channels; sorted, each once. */
  readonly via: readonly string[];
  readonly to: readonly string[];
}

export const NO_EFFECT: Effect = { grants: false, denies: false, via: [], to: [] };

export function joined(a: Effect, b: Effect): Effect {
  if (a === NO_EFFECT) return b;
  if (b === NO_EFFECT) return a;
  return {
    grants: a.grants || b.grants,
    denies: a.denies || b.denies,
    via: merged(a.via, b.via),
    to: merged(a.to, b.to),
  };
}

function merged(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length === 0) return b;
  return b.length === 0 ? a : [...new Set([...a, ...b])].toSorted(compareText);
}

/** How a request fares while no limit is used up. */
export interface Fate {
  readonly tier: "deny" | "ask" | "notify" | "allow";
  /** Approvals that it needs, sorted. */
  readonly via: readonly string[];
  /** Channels that are told, sorted. */
  readonly to: readonly string[];
}

export const DENIED: Fate = { tier: "deny", via: [], to: [] };

export function fateOf({ grants, denies, via, to }: Effect): Fate {
  if (!grants || denies) return DENIED;
  return { tier: via.length > 0 ? "ask" : to.length > 0 ? "notify" : "allow", via, to };
}

export function effectKey({ grants, denies, via, to }: Effect): string {
  return denies ? "-" : `${grants ? "+" : ""}|${via.join(" ")}|${to.join(" ")}`;
}

export function fateKey({ tier, via, to }: Fate): string {
  return `${tier} ${via.join(" ")}|${to.join(" ")}`;
}
