/** One rule or limit asked of one request, by itself: for tools that compare rules. */
import type { Rest } from "../remainder.ts";
import type { Request } from "../request.ts";
import type { Formula } from "../formula/formula.ts";
import { frameOf } from "../formula/frame.ts";
import { restOfAll, restOfAny } from "../formula/rest.ts";
import { restsOver } from "./fold.ts";
import { readRequest } from "./match.ts";
import { OPENING } from "./opening.ts";
import { type PreparedAction, type Scoped, preparedAction, ruleFormula } from "./plan.ts";
import type { Policy } from "./policy.ts";

export interface RuleRest {
  /** Over all resources: whether the rule would grant. */
  readonly grants: Rest;
  /** Over any resource: whether it restricts, or the limit counts. */
  readonly restricts: Rest;
}

/**
 * The formula of a rule or limit of the policy for one request of `action` (`session.open` too), whoever the rule stands
 * for. Null where there is none: the agent or the action is unknown, or the arguments are invalid.
 */
export function ruleRest(policy: Policy, action: string, rule: Scoped, request: Request): RuleRest | null {
  const agent = policy.agents.get(request.agent)?.agent;
  const lazy = action === OPENING.name ? policy.opening : policy.actions.get(action);
  if (agent === undefined || lazy === undefined) return null;
  const prepared = preparedAction(policy, lazy);
  const frame = frameOf({ ...request, action }, agent, prepared.args.members.length);
  if (readRequest(prepared, frame).length > 0) return null;
  const rests = restsOver(formulaOf(policy, prepared, rule), frame);
  return { grants: restOfAll(rests), restricts: restOfAny(rests) };
}

/** Tools ask the same rules of many requests. */
function formulaOf({ formulas }: Policy, action: PreparedAction, rule: Scoped): Formula {
  const known = formulas.get(rule) ?? new Map<string, Formula>();
  formulas.set(rule, known);
  const formula = known.get(action.action.name) ?? ruleFormula(rule, action);
  known.set(action.action.name, formula);
  return formula;
}
