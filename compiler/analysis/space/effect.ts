/** What rows do together, and the outcome that follows. */
import { compareText } from "../../sorted-set.ts";

/** What one row does, or several together. */
export interface Effect {
  readonly grants: boolean;
  /** What denies it, if anything does: of several the one that the engine names. */
  readonly denial: RowDenial | null;
  /** Names of approvals and channels; sorted, each once. */
  readonly via: readonly string[];
  readonly to: readonly string[];
}

/** Nobody stands behind a session that needs somebody; a `never`; a limit that not even this request fits. */
export type RowDenial = "requester" | "never" | "limit";

const ORDER: readonly RowDenial[] = ["requester", "never", "limit"];

export const NO_EFFECT: Effect = { grants: false, denial: null, via: [], to: [] };

export function joined(a: Effect, b: Effect): Effect {
  if (a === NO_EFFECT) return b;
  if (b === NO_EFFECT) return a;
  return {
    grants: a.grants || b.grants,
    denial: ORDER.find((one) => one === a.denial || one === b.denial) ?? null,
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
  /** Only where denials are told apart. */
  readonly denial?: Denial;
}

/** `grant`: nothing grants it. */
export type Denial = RowDenial | "grant";

export const DENIED: Fate = { tier: "deny", via: [], to: [] };

export function fateOf({ grants, denial, via, to }: Effect): Fate {
  if (!grants || denial !== null) return DENIED;
  return { tier: via.length > 0 ? "ask" : to.length > 0 ? "notify" : "allow", via, to };
}

/** As the engine names it: a person that lacks comes first, then a grant that does. */
export function toldFateOf(effect: Effect): Fate {
  const { grants, denial } = effect;
  if (denial !== "requester" && !grants) return { ...DENIED, denial: "grant" };
  return denial === null ? fateOf(effect) : { ...DENIED, denial };
}

export function effectKey({ grants, denial, via, to }: Effect): string {
  return denial === null ? `${grants ? "+" : ""}|${via.join(" ")}|${to.join(" ")}` : "-";
}

export function toldEffectKey(effect: Effect): string {
  const { grants, denial } = effect;
  return denial === null ? effectKey(effect) : `${grants ? "+" : ""}-${denial}`;
}

export function fateKey({ tier, via, to, denial }: Fate): string {
  return `${tier} ${denial ?? ""} ${via.join(" ")}|${to.join(" ")}`;
}
