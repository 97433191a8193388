/**
 * `explain` decides as `match` and `decide` do, by the same formulas, and shows every part with its truth. It takes
 * its time: it is for people.
 */
import type { Condition } from "../condition.ts";
import type { Request } from "../request.ts";
import type { State } from "../state.ts";
import type { Limit, Rule } from "../table.ts";
import { decide } from "../decide/decide.ts";
import { collectUnknown, settle } from "../decide/settle.ts";
import { conditionFormula } from "../formula/condition.ts";
import { ALWAYS, type Formula, notOf } from "../formula/formula.ts";
import { type Frame, frameOf, placesOf } from "../formula/frame.ts";
import { restOfAll, restOfAny } from "../formula/rest.ts";
import type { Scope } from "../formula/scope.ts";
import { FALSE, TRUE } from "../formula/truth.ts";
import { match, readRequest } from "../match/match.ts";
import { patternsFormula } from "../match/pattern.ts";
import { type PlannedLimit, type PlannedRow, type PreparedAction, planOf } from "../match/plan.ts";
import type { Policy } from "../match/policy.ts";
import { selectFormula } from "../match/selector.ts";
import type {
  ExplainedCondition,
  ExplainedLimit,
  ExplainedPart,
  ExplainedResource,
  ExplainedRule,
  ExplainedTruth,
  Explanation,
} from "./explanation.ts";
import { printCondition } from "./print-condition.ts";

/** The decision on the request in this state, and why. A request that is denied before any rule shows no rules. */
export function explain(policy: Policy, request: Request, state: State): Explanation {
  const rest = match(policy, request);
  const decision = decide(rest, state);
  const prepared = policy.agents.get(request.agent);
  const plan = prepared === undefined ? null : planOf(policy, prepared.bundle, request.action);
  if (rest.denied !== null || prepared === undefined || plan === null) {
    return { decision, resources: rest.resources, rules: [], limits: [] };
  }
  const frame = frameOf(request, prepared.agent, plan.action.args.members.length);
  readRequest(plan.action, frame);
  const asked: Asked = { frame, state, action: plan.action, resources: placesOf(frame) };
  return {
    decision,
    resources: rest.resources,
    rules: plan.rows.map((row) => explainRule(row, asked)),
    limits: plan.limits.map((limit) => explainLimit(limit, asked)),
  };
}

interface Asked {
  readonly frame: Frame;
  readonly state: State;
  readonly action: PreparedAction;
  readonly resources: readonly (string | null)[];
}

function explainRule({ source, rule, formula, until }: PlannedRow, asked: Asked): ExplainedRule {
  const rests = asked.resources.map((resource) => restAt(formula, resource, asked));
  return {
    rule,
    grants: truthOf(settle(restOfAll(rests), asked.state)),
    restricts: truthOf(settle(restOfAny(rests), asked.state)),
    ended: until !== null && until <= asked.frame.request.at,
    at: asked.resources.map((resource) => explainAt(source, formula, resource, asked)),
  };
}

function explainLimit({ limit, formula }: PlannedLimit, asked: Asked): ExplainedLimit {
  const { id, text, trial } = limit;
  const rests = asked.resources.map((resource) => restAt(formula, resource, asked));
  return {
    id,
    text,
    trial,
    holds: truthOf(settle(restOfAny(rests), asked.state)),
    at: asked.resources.map((resource) => explainAt(limit, formula, resource, asked)),
  };
}

function explainAt(source: Rule | Limit, formula: Formula, resource: string | null, asked: Asked): ExplainedResource {
  return {
    resource,
    truth: truthAt(formula, resource, asked),
    parts: partsOf(source, resource, asked),
  };
}

/** The parts of one rule's formula, as `ruleFormula` joins them. */
function partsOf({ scope, when }: Rule | Limit, resource: string | null, asked: Asked): readonly ExplainedPart[] {
  const { action, scope: names } = asked.action;
  const on = scope.on === null ? ALWAYS : patternsFormula(scope.on, action, names);
  const formulas: readonly (readonly [ExplainedPart["part"], Formula, boolean])[] = [
    ["selected", selectFormula(scope.select, action, names), true],
    ["on", on, scope.on !== null],
    ["not excepted on", notOf(patternsFormula(scope.on_except, action, names)), scope.on_except.length > 0],
    ["not excepted", notOf(selectFormula(scope.except, action, names)), scope.except.length > 0],
  ];
  const parts: ExplainedPart[] = formulas
    .filter(([, , written]) => written)
    .map(([part, formula]) => ({ part, truth: truthAt(formula, resource, asked), condition: null }));
  if (when === null) return parts;
  const condition = explainCondition(when, resource, asked, names);
  return [...parts, { part: "when", truth: condition.truth, condition }];
}

function explainCondition(
  condition: Condition,
  resource: string | null,
  asked: Asked,
  names: Scope,
): ExplainedCondition {
  const rest = restAt(conditionFormula(condition, names), resource, asked);
  const unknown = new Set<string>();
  collectUnknown(rest, asked.state, unknown);
  return {
    text: printCondition(condition),
    truth: truthOf(settle(rest, asked.state)),
    unknown: [...unknown].toSorted(),
    of: partsOfCondition(condition).map((part) => explainCondition(part, resource, asked, names)),
  };
}

function partsOfCondition(condition: Condition): readonly Condition[] {
  if (condition.op === "and" || condition.op === "or") return condition.of;
  return condition.op === "not" ? [condition.of] : [];
}

function truthAt(formula: Formula, resource: string | null, asked: Asked): ExplainedTruth {
  return truthOf(settle(restAt(formula, resource, asked), asked.state));
}

function restAt(formula: Formula, resource: string | null, { frame }: Asked): ReturnType<Formula["rest"]> {
  frame.resource = resource;
  return formula.rest(frame);
}

function truthOf(settled: ReturnType<typeof settle>): ExplainedTruth {
  return settled === TRUE ? "true" : settled === FALSE ? "false" : "unknown";
}
