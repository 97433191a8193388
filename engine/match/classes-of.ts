/** Of which classes a request's action is, for those who stop a class. */
import type { Request } from "../request.ts";
import type { Frame } from "../formula/frame.ts";
import { frameOf } from "../formula/frame.ts";
import { restOfAny } from "../formula/rest.ts";
import { restsOver } from "./fold.ts";
import { readRequest } from "./match.ts";
import { type PreparedAction, preparedAction } from "./plan.ts";
import type { Policy } from "./policy.ts";

/**
 * Names of the classes that the action isn't surely outside of with these arguments, sorted: what is unknown or the
 * session's to read counts as holding, and of invalid arguments everything is unknown. Empty for an unknown action.
 */
export function classesOf(policy: Policy, request: Request): readonly string[] {
  const lazy = policy.actions.get(request.action);
  if (lazy === undefined) return NO_NAMES;
  const prepared = preparedAction(policy, lazy);
  if (prepared.classes.length === 0) return NO_NAMES;
  const frame = prepared.classes.every(({ formula }) => formula.fixed !== null)
    ? null
    : readFrame(policy, prepared, request);
  const holding = prepared.classes.filter(
    ({ formula }) => formula.fixed ?? (frame === null || restOfAny(restsOver(formula, frame)) !== false),
  );
  return [...new Set(holding.map(({ name }) => name))].sort();
}

/** Null where there is nothing that a condition could be asked of. */
function readFrame(policy: Policy, prepared: PreparedAction, request: Request): Frame | null {
  const agent = policy.agents.get(request.agent)?.agent;
  if (agent === undefined) return null;
  const frame = frameOf(request, agent, prepared.args.members.length);
  return readRequest(prepared, frame).length > 0 ? null : frame;
}

const NO_NAMES: readonly string[] = Object.freeze([]);
