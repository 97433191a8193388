/** What a block says about an action, and an action's own part, prepared when first asked for. */
import type { Action, Approval, Block, Limit, Rule } from "../table.ts";
import type { Scope as RuleScope } from "../table.ts";
import type { LabelRow, LimitRow, Row, RuleRef } from "../remainder.ts";
import { type ArgsReader, argsReaderOf } from "../arguments/read-args.ts";
import { conditionFormula } from "../formula/condition.ts";
import type { Atom } from "../formula/atom.ts";
import { ALWAYS, type Formula, NEVER, allOf, atomsOf, notOf } from "../formula/formula.ts";
import { type Scope, named } from "../formula/scope.ts";
import { type AmountRead, type KeyRead, ONE, amountReader, keyReader } from "./amount.ts";
import { parseDecimal } from "../values/decimal.ts";
import { blockTitle } from "./block.ts";
import { patternsFormula } from "./pattern.ts";
import { type Bundle, type LazyAction, type Plan, type Policy, type PreparedBlock } from "./policy.ts";
import { type Template, templatesOf } from "./resources.ts";
import { selectFormula } from "./selector.ts";

export interface PreparedAction {
  readonly action: Action;
  readonly scope: Scope;
  readonly args: ArgsReader;
  readonly templates: readonly Template[];
  /** Mentions of a class; a name may stand here more than once. */
  readonly classes: readonly PlannedClass[];
  readonly yields: readonly PlannedLabel[];
  /** All of `yields`, where none depends on the request; else null. */
  readonly fixedYields: readonly LabelRow[] | null;
  /** Digest of its tool as it was reviewed; null where none was. */
  readonly tool: string | null;
}

export interface BlockPlan {
  readonly rows: readonly PlannedRow[];
  readonly limits: readonly PlannedLimit[];
}

/** What every request reads stands first: it then comes with one look at the memory. */
export interface PlannedRow {
  /** The formula's test. */
  readonly atoms: readonly Atom[];
  /** An `allow` of the agent's own that isn't on trial: it grants or does nothing. */
  readonly plainGrant: boolean;
  /** UTC milliseconds; null where the rule doesn't end. */
  readonly until: number | null;
  /** The row of a request for which the formula holds, ready to be sent. */
  readonly whole: Row;
  readonly formula: Formula;
  readonly rule: RuleRef;
  readonly source: Rule;
  readonly approvals: readonly Approval[];
}

export interface PlannedLimit {
  readonly limit: Limit;
  readonly formula: Formula;
  readonly amount: AmountRead | null;
  readonly key: KeyRead | null;
  /** The row of a request that it counts as one under no key. */
  readonly whole: LimitRow;
  readonly approvals: readonly Approval[];
}

export interface PlannedClass {
  readonly name: string;
  readonly formula: Formula;
}

export interface PlannedLabel {
  readonly label: string;
  readonly formula: Formula;
}

export const NO_APPROVALS: readonly Approval[] = Object.freeze([]);

/** Null for an action that the policy doesn't know. */
export function planOf(policy: Policy, bundle: Bundle, action: string): Plan | null {
  const found = bundle.plans.get(action);
  if (found !== undefined) return found;
  const lazy = policy.actions.get(action);
  if (lazy === undefined) return null;
  const plan = planBundle(policy, bundle, lazy);
  bundle.plans.set(action, plan);
  return plan;
}

/** What concerns the opening of a session; no name that a request could give leads here. */
export function openingPlan(policy: Policy, bundle: Bundle): Plan {
  bundle.opening ??= planBundle(policy, bundle, policy.opening);
  return bundle.opening;
}

export function preparedAction(policy: Policy, lazy: LazyAction): PreparedAction {
  lazy.prepared ??= prepareAction(policy, lazy.action);
  return lazy.prepared;
}

function planBundle(policy: Policy, bundle: Bundle, lazy: LazyAction): Plan {
  const action = preparedAction(policy, lazy);
  const plans = bundle.blocks.map((block) => blockPlan(policy, block, action));
  const gained = bundle.gainable.map((block) => asGained(blockPlan(policy, block, action), block.block.name));
  const all = [...plans, ...gained];
  const rows = all.flatMap((plan) => plan.rows).sort(inOrderOfAsking);
  const limits = all.flatMap((plan) => plan.limits);
  const mayAsk = [...rows, ...limits].some(({ approvals }) => approvals.length > 0);
  const granters = new Set(rows.filter(({ plainGrant }) => plainGrant).map(({ rule }) => rule.block));
  return { action, rows, limits, mayAsk, severalGrant: granters.size > 1, asCaller: null };
}

/** Whether the session has gained the role only it knows, so that no such row ends the asking. */
function asGained({ rows, limits }: BlockPlan, role: string): BlockPlan {
  return {
    rows: rows.map((row) => ({ ...row, plainGrant: false, whole: Object.freeze({ ...row.whole, role }) })),
    limits: limits.map((limit) => ({ ...limit, whole: Object.freeze({ ...limit.whole, role }) })),
  };
}

/**
 * The same agent above the one that asks: whatever its rules and limits restrict, they restrict here too, and none of
 * them grants. Roles are gained by the agent that acts.
 */
export function callerPlan(plan: Plan): BlockPlan {
  plan.asCaller ??= {
    rows: plan.rows.flatMap((row) => asRestriction(row)),
    limits: plan.limits.filter(({ whole }) => whole.role === null),
  };
  return plan.asCaller;
}

function asRestriction(row: PlannedRow): readonly PlannedRow[] {
  if (row.rule.tier === "allow" || row.whole.role !== null) return [];
  return [{ ...row, plainGrant: false, whole: Object.freeze({ ...row.whole, may_grant: false }) }];
}

/** Grants stand last, the simplest of them first: the first that holds ends the asking. */
function inOrderOfAsking(left: PlannedRow, right: PlannedRow): number {
  return Number(left.plainGrant) - Number(right.plainGrant) || left.formula.size - right.formula.size;
}

function blockPlan(policy: Policy, { block, plans }: PreparedBlock, action: PreparedAction): BlockPlan {
  const found = plans.get(action.action.name);
  if (found !== undefined) return found;
  const plan = {
    rows: block.rules.flatMap((rule) => planRow(policy, block, rule, action)),
    limits: block.limits.flatMap((limit) => planLimit(policy, limit, action)),
  };
  plans.set(action.action.name, plan);
  return plan;
}

function prepareAction(policy: Policy, action: Action): PreparedAction {
  const { sets, groups, schedules, canaries } = policy;
  const scope: Scope = { params: action.params, sets, groups, schedules, canaries, element: null };
  const formulaOf = (when: Rule["when"]): Formula => (when === null ? ALWAYS : conditionFormula(when, scope));
  const yields = action.yields.map(({ label, when }) => ({ label, formula: formulaOf(when) }));
  return {
    action,
    scope,
    args: argsReaderOf(action),
    templates: templatesOf(action, scope),
    classes: action.classes.map(({ name, when }) => ({ name, formula: formulaOf(when) })),
    yields,
    fixedYields: yields.every(({ formula }) => formula.fixed !== null) ? fixedYields(yields) : null,
    tool: action.tool?.sha256 ?? null,
  };
}

function fixedYields(yields: readonly PlannedLabel[]): readonly LabelRow[] {
  const rows = yields.filter(({ formula }) => formula.fixed === true).map(({ label }) => ({ label, holds: true }));
  return Object.freeze(rows);
}

/** Nothing where the rule can't be about the action: its condition then isn't even prepared. */
function planRow(policy: Policy, block: Block, source: Rule, action: PreparedAction): readonly PlannedRow[] {
  const formula = ruleFormula(source, action);
  if (formula.fixed === false) return [];
  const rule = refOf(block, source);
  const mayGrant = block.kind !== "every";
  const whole: Row = Object.freeze({ rule, may_grant: mayGrant, role: null, grants: true, restricts: true });
  const approvals = source.via.map((name) => named(policy.approvals, "approval", name));
  const plainGrant = mayGrant && source.tier === "allow" && !source.trial;
  return [{ atoms: atomsOf(formula), plainGrant, until: source.until, whole, formula, rule, source, approvals }];
}

function planLimit(policy: Policy, limit: Limit, action: PreparedAction): readonly PlannedLimit[] {
  const formula = ruleFormula(limit, action);
  if (formula.fixed === false) return [];
  const amount = limit.total === null ? null : amountReader(limit.total, action.scope);
  const key = limit.keys.length === 0 ? null : keyReader(limit.keys, action.scope);
  const approvals = limit.via === null ? NO_APPROVALS : [named(policy.approvals, "approval", limit.via)];
  return [{ limit, formula, amount, key, whole: wholeLimit(limit), approvals }];
}

/** What of a rule or limit makes its formula. */
export interface Scoped {
  readonly scope: RuleScope;
  readonly when: Rule["when"];
}

/** Selected and on and not excepted and the condition: one formula, rounded only at its root. */
export function ruleFormula({ scope, when }: Scoped, { action, scope: names }: PreparedAction): Formula {
  const about = aboutFormula(scope, action, names);
  if (about.fixed === false || when === null) return about;
  return allOf([about, conditionFormula(when, names)]);
}

function aboutFormula(scope: RuleScope, action: Action, names: Scope): Formula {
  const selected = selectFormula(scope.select, action, names);
  if (selected.fixed === false) return NEVER;
  const excepted = selectFormula(scope.except, action, names);
  const on = scope.on === null ? ALWAYS : patternsFormula(scope.on, action, names);
  if (on.fixed === false) return NEVER;
  const onExcepted = patternsFormula(scope.on_except, action, names);
  return allOf([selected, on, notOf(onExcepted), notOf(excepted)]);
}

function refOf(block: Block, rule: Rule): RuleRef {
  const { id, tier, trial, to, via, text, doc } = rule;
  return Object.freeze({ id, tier, trial, block: blockTitle(block), to, via, text, doc });
}

function wholeLimit(limit: Limit): LimitRow {
  const { id, counter, trial, per, window, via, text } = limit;
  const n = scaledBound(limit);
  const whose = { agent: null, role: null, key: "[]" };
  return Object.freeze({ id, counter, trial, per, ...whose, amount: ONE, n, window, via, text, holds: true });
}

function scaledBound({ id, n }: Limit): bigint {
  const scaled = parseDecimal(n);
  if (scaled === null) throw new Error(`the table's limit \`${id}\` has no number`);
  return scaled;
}
