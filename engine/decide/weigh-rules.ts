/** Rules of one request: which grant, which restrict, and how strict they are together. */
import type { Row, RuleRef } from "../remainder.ts";
import type { State } from "../state.ts";
import type { Tier } from "../table.ts";
import { FALSE, TRUE, UNKNOWN } from "../formula/truth.ts";
import { collectUnknown, settle } from "./settle.ts";

export interface WeighedRules {
  readonly granted: boolean;
  /** The strictest tier that took part. */
  readonly tier: Tier;
  readonly notifies: boolean;
  /** Does a restriction hold only because something is unknown? */
  readonly doubtful: boolean;
  readonly rehearses: boolean;
}

/**
 * An `allow`, `notify` or `ask` of the agent's own grants when it is true; a `notify`, `ask` or `never`, wherever it
 * stands, restricts unless it is false (`docs/language.md`, "Rules").
 */
export function weighRules(rows: readonly Row[], state: State): WeighedRules {
  let granted = false;
  let never = false;
  let asks = false;
  let notifies = false;
  let doubtful = false;
  let rehearses = false;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as Row;
    const { tier, trial } = row.rule;
    if (!stands(row, state)) continue;
    const restricts = tier === "allow" ? FALSE : settle(row.restricts, state);
    const granting = grants(row, state);
    if (restricts === FALSE && !granting) continue;
    if (trial) {
      rehearses = true;
      continue;
    }
    if (granting) granted = true;
    if (restricts === UNKNOWN) doubtful = true;
    if (tier === "never") never = true;
    else if (tier === "ask") asks = true;
    else if (tier === "notify") notifies = true;
  }
  return {
    granted,
    tier: never ? "never" : asks ? "ask" : notifies ? "notify" : "allow",
    notifies,
    doubtful,
    rehearses,
  };
}

/** The rules of a tier that took part: nearly always one or two, for which a literal takes just its space. */
export function rulesOf(rows: readonly Row[], tier: Tier, state: State): readonly RuleRef[] {
  let rules = NO_RULES;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as Row;
    if (row.rule.tier !== tier || row.rule.trial || !takesPart(row, state)) continue;
    rules = rules.length === 0 ? [row.rule] : withRule(rules, row.rule);
  }
  return rules;
}

/** A rule may stand for several agents of a chain; it is named once. */
function withRule(rules: readonly RuleRef[], rule: RuleRef): readonly RuleRef[] {
  for (let at = 0; at < rules.length; at++) if (rules[at]?.id === rule.id) return rules;
  return rules.length === 1 ? [rules[0] as RuleRef, rule] : rules.concat(rule);
}

/** The same of a whole list. */
export function onceEach(rules: readonly RuleRef[]): readonly RuleRef[] {
  return rules.reduce<readonly RuleRef[]>((named, rule) => withRule(named, rule), NO_RULES);
}

const NO_RULES: readonly RuleRef[] = Object.freeze([]);

/** Rehearsals that would have taken part. */
export function trialsOf(rows: readonly Row[], state: State): readonly RuleRef[] {
  return rows.filter((row) => row.rule.trial && takesPart(row, state)).map((row) => row.rule);
}

/** The facts that made restrictions hold. */
export function unknownRestrictions(rows: readonly Row[], state: State, facts: Set<string>): void {
  for (const row of rows) {
    if (row.rule.trial || row.rule.tier === "allow" || !takesPart(row, state)) continue;
    if (settle(row.restricts, state) === UNKNOWN) collectUnknown(row.restricts, state, facts);
  }
}

/** The facts that kept a grant away, asked where none granted; null where nothing unknown did. */
export function unknownGrants(rows: readonly Row[], state: State): ReadonlySet<string> | null {
  let facts: Set<string> | null = null;
  for (const row of rows) {
    if (!row.may_grant || row.rule.trial || row.rule.tier === "never" || !stands(row, state)) continue;
    if (settle(row.grants, state) !== UNKNOWN) continue;
    facts ??= new Set();
    collectUnknown(row.grants, state, facts);
  }
  return facts;
}

function takesPart(row: Row, state: State): boolean {
  if (!stands(row, state)) return false;
  return row.rule.tier === "allow" ? grants(row, state) : settle(row.restricts, state) !== FALSE || grants(row, state);
}

/** Whether the row grants now: it stands, may grant, and is true. */
export function isGranting(row: Row, state: State): boolean {
  return stands(row, state) && grants(row, state);
}

function grants(row: Row, state: State): boolean {
  return row.may_grant && row.rule.tier !== "never" && settle(row.grants, state) === TRUE;
}

/** Rules of a role that the session may gain count only while it has it. */
function stands(row: Row, state: State): boolean {
  return row.role === null || state.roles.has(row.role);
}
