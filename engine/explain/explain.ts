/**
 * `explain` decides as `match` and `decide` do, by the same formulas, and shows every part with its truth. It takes
 * its time: it is for people.
 */
import type { Request } from "../request.ts";
import type { State } from "../state.ts";
import type { Agent, Limit, Rule } from "../table.ts";
import { decide } from "../decide/decide.ts";
import { ALWAYS, type Formula, notOf } from "../formula/formula.ts";
import { type Frame, frameOf, placesOf } from "../formula/frame.ts";
import { restOfAll, restOfAny } from "../formula/rest.ts";
import { matchOpening } from "../match/match-opening.ts";
import { match, readRequest } from "../match/match.ts";
import { OPENING } from "../match/opening.ts";
import { patternsFormula } from "../match/pattern.ts";
import {
  type BlockPlan,
  type PlannedLimit,
  type PlannedRow,
  type PreparedAction,
  callerPlan,
  openingPlan,
  planOf,
} from "../match/plan.ts";
import type { Bundle, Plan, Policy } from "../match/policy.ts";
import type { Remainder } from "../remainder.ts";
import { selectFormula } from "../match/selector.ts";
import { explainCondition, truthOf, unknownIn } from "./explain-condition.ts";
import type {
  ExplainedLimit,
  ExplainedPart,
  ExplainedResource,
  ExplainedRule,
  ExplainedStanding,
  Explanation,
} from "./explanation.ts";

/** The decision on the request in this state, and why. A request that is denied before any rule shows no rules. */
export function explain(policy: Policy, request: Request, state: State): Explanation {
  return explainRest(policy, request, state, { rest: match(policy, request), planFor: planOf });
}

/** The same of opening a session, which no table declares (`matchOpening`): nobody needs a grant for it. */
export function explainOpening(policy: Policy, given: Request, state: State): Explanation {
  const request = { ...given, action: OPENING.name, args: {} };
  return explainRest(policy, request, state, { rest: matchOpening(policy, request), planFor: openingPlan });
}

interface Matched {
  readonly rest: Remainder;
  readonly planFor: (policy: Policy, bundle: Bundle, action: string) => Plan | null;
}

function explainRest(policy: Policy, request: Request, state: State, { rest, planFor }: Matched): Explanation {
  const decision = decide(rest, state);
  const prepared = policy.agents.get(request.agent);
  const plan = prepared === undefined ? null : planFor(policy, prepared.bundle, request.action);
  if (rest.denied !== null || prepared === undefined || plan === null) {
    return { decision, resources: rest.resources, rules: [], limits: [], callers: [] };
  }
  const frame = frameOf(request, prepared.agent, plan.action.args.members.length);
  readRequest(plan.action, frame);
  const asked: Asked = { frame, state, action: plan.action, resources: placesOf(frame) };
  const parties: readonly Party[] = [{ caller: null, plan, asked }, ...callersOf(policy, request, asked, planFor)];
  return {
    decision,
    resources: rest.resources,
    rules: parties.flatMap((party) => party.plan.rows.map((row) => explainRule(row, party))),
    limits: parties.flatMap((party) => party.plan.limits.map((limit) => explainLimit(limit, party))),
    callers: rest.callers.map(({ agent, granted }) => ({
      agent,
      granted: truthOf(granted, state),
      unknown: unknownIn(granted, state),
    })),
  };
}

interface Asked {
  readonly frame: Frame;
  readonly state: State;
  readonly action: PreparedAction;
  readonly resources: readonly (string | null)[];
}

/** One agent of the chain with what stands for it. */
interface Party {
  /** Null for the agent that acts. */
  readonly caller: Agent | null;
  readonly plan: BlockPlan;
  readonly asked: Asked;
}

function callersOf(
  policy: Policy,
  { callers = [], action }: Request,
  asked: Asked,
  planFor: Matched["planFor"],
): readonly Party[] {
  return callers.flatMap((name) => {
    const prepared = policy.agents.get(name);
    const plan = prepared === undefined ? null : planFor(policy, prepared.bundle, action);
    if (prepared === undefined || plan === null) return [];
    const frame = { ...asked.frame, agent: prepared.agent };
    return [{ caller: prepared.agent, plan: callerPlan(plan), asked: { ...asked, frame } }];
  });
}

function explainRule({ source, whole, formula, until }: PlannedRow, { caller, asked }: Party): ExplainedRule {
  const standing = standingOf(caller, whole.role, asked.state);
  const rests = asked.resources.map((resource) => restAt(formula, resource, asked));
  const canGrant = standing.stands && caller === null;
  return {
    rule: whole.rule,
    ...standing,
    grants: canGrant ? truthOf(restOfAll(rests), asked.state) : "false",
    restricts: standing.stands ? truthOf(restOfAny(rests), asked.state) : "false",
    ended: until !== null && until <= asked.frame.request.at,
    at: asked.resources.map((resource) => explainAt(source, formula, resource, asked)),
  };
}

function explainLimit({ limit, whole, formula }: PlannedLimit, { caller, asked }: Party): ExplainedLimit {
  const { id, text, trial, per, via } = limit;
  const standing = standingOf(caller, whole.role, asked.state);
  const rests = asked.resources.map((resource) => restAt(formula, resource, asked));
  return {
    id,
    text,
    trial,
    per,
    via,
    ...standing,
    holds: standing.stands ? truthOf(restOfAny(rests), asked.state) : "false",
    at: asked.resources.map((resource) => explainAt(limit, formula, resource, asked)),
  };
}

function standingOf(caller: Agent | null, role: string | null, { roles }: State): ExplainedStanding {
  return { agent: caller?.name ?? null, role, stands: role === null || roles.has(role) };
}

function explainAt(source: Rule | Limit, formula: Formula, resource: string | null, asked: Asked): ExplainedResource {
  return {
    resource,
    truth: truthOf(restAt(formula, resource, asked), asked.state),
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
    .map(([part, formula]) => explainPart(part, formula, resource, asked));
  if (when === null) return parts;
  asked.frame.resource = resource;
  const condition = explainCondition(when, names, asked.frame, asked.state);
  return [...parts, { part: "when", truth: condition.truth, unknown: condition.unknown, condition }];
}

function explainPart(
  part: ExplainedPart["part"],
  formula: Formula,
  resource: string | null,
  asked: Asked,
): ExplainedPart {
  const rest = restAt(formula, resource, asked);
  return { part, truth: truthOf(rest, asked.state), unknown: unknownIn(rest, asked.state), condition: null };
}

function restAt(formula: Formula, resource: string | null, { frame }: Asked): ReturnType<Formula["rest"]> {
  frame.resource = resource;
  return formula.rest(frame);
}
