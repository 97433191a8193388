/** Rules of one request: which grant, which restrict, and how strict they are together. */
import type { Row, RuleRef } from "../remainder.ts";
import type { State } from "../state.ts";
import type { Tier } from "../table.ts";
import { FALSE, TRUE, UNKNOWN } from "../formula/truth.ts";
import { collectUnknown, settle } from "./settle.ts";

export interface WeighedRules {
  readonly granted: boolean;
  readonly tier: Tier;
  /** The rules of that tier that took part. */
  readonly deciding: readonly RuleRef[];
  readonly asks: readonly RuleRef[];
  readonly notifies: readonly RuleRef[];
  /** Rehearsals that would have taken part. */
  readonly trials: readonly RuleRef[];
}

const RANK: { readonly [tier in Tier]: number } = { allow: 0, notify: 1, ask: 2, never: 3 };

const NONE: readonly RuleRef[] = Object.freeze([]);

/**
 * An `allow`, `notify` or `ask` of the agent's own grants when it is true; a `notify`, `ask` or `never`, wherever it
 * stands, restricts unless it is false (`language.md`, section 4). `unknown` gets the facts that made one restrict.
 */
export function weighRules(rows: readonly Row[], state: State, unknown: Set<string>): WeighedRules {
  let granted = false;
  let tier: Tier = "allow";
  let byTier: RuleRef[][] | null = null;
  let allows: RuleRef[] | null = null;
  let trials: RuleRef[] | null = null;
  for (const row of rows) {
    if (row.role !== null && !state.roles.has(row.role)) continue;
    const grants = row.may_grant && row.rule.tier !== "never" && settle(row.grants, state) === TRUE;
    const restricts = row.rule.tier !== "allow" && settle(row.restricts, state) !== FALSE;
    if (!grants && !restricts) continue;
    if (row.rule.trial) {
      trials = append(trials, row.rule);
      continue;
    }
    granted ||= grants;
    if (row.rule.tier === "allow") {
      allows = append(allows, row.rule);
      continue;
    }
    if (settle(row.restricts, state) === UNKNOWN) collectUnknown(row.restricts, state, unknown);
    if (RANK[row.rule.tier] > RANK[tier]) tier = row.rule.tier;
    byTier ??= [[], [], [], []];
    byTier[RANK[row.rule.tier]]?.push(row.rule);
  }
  return {
    granted,
    tier,
    deciding: (tier === "allow" ? allows : byTier?.[RANK[tier]]) ?? NONE,
    asks: byTier?.[RANK.ask] ?? NONE,
    notifies: byTier?.[RANK.notify] ?? NONE,
    trials: trials ?? NONE,
  };
}

function append(list: RuleRef[] | null, rule: RuleRef): RuleRef[] {
  if (list === null) return [rule];
  list.push(rule);
  return list;
}

/** The facts that kept a grant away: called where none granted. */
export function unknownGrants(rows: readonly Row[], state: State): Set<string> {
  const facts = new Set<string>();
  for (const row of rows) {
    if (!row.may_grant || row.rule.tier === "never" || row.rule.trial) continue;
    if (row.role !== null && !state.roles.has(row.role)) continue;
    if (settle(row.grants, state) === UNKNOWN) collectUnknown(row.grants, state, facts);
  }
  return facts;
}
