/** The things that stay open for one agent and one action, shared by all formulas of that cell of the matrix. */
import type { Action, Agent, Condition, Operand, Param } from "../../../engine/index.ts";
import type { Points } from "./points.ts";
import type { Variable } from "./truth.ts";

export interface CaseSpace {
  readonly agent: Agent;
  readonly action: Action;
  readonly points: Points;
  readonly variables: Map<string, Variable>;
}

export function variableFor(space: CaseSpace, key: string, size: number): Variable {
  const known = space.variables.get(key);
  if (known !== undefined) return known;
  const made: Variable = { size };
  space.variables.set(key, made);
  return made;
}

/** Whether one call gives several resources, or none: then "all of them" and "any of them" part ways. */
export function manyResources(action: Action): boolean {
  const items = action.resources ?? [];
  if (items.length !== 1 || items[0]?.when !== null) return true;
  return items[0].template.some((segment) => segment.kind === "hole" && passesList(action, segment.path));
}

function passesList(action: Action, path: readonly string[]): boolean {
  return path.some((_, index) => paramAt(action.params, path.slice(0, index + 1))?.type.kind === "list");
}

/** Whether the argument, or a record that it stands in, may be left out. */
export function isOptional(action: Action, path: readonly string[]): boolean {
  return path.some((_, index) => paramAt(action.params, path.slice(0, index + 1))?.optional === true);
}

function paramAt(params: readonly Param[], path: readonly string[]): Param | null {
  const [name, ...rest] = path;
  const param = params.find((one) => one.name === name) ?? null;
  if (rest.length === 0 || param === null) return param;
  return param.type.kind === "record" ? paramAt(param.type.fields, rest) : null;
}

/** Whether a well-formed request of this agent can leave the operand unknown. Only a port may lack among members. */
export function mayBeUnknown(operand: Operand, space: CaseSpace): boolean {
  if (operand.from === "literal") return false;
  if (operand.from === "variable") return operand.path.at(-1) === "port";
  if (operand.from === "args") return isOptional(space.action, operand.path) || operand.path.at(-1) === "port";
  if (operand.fact === "requester.id") return !space.agent.requester_required;
  return /^(requester|request|claimed)\./.test(operand.fact) && operand.fact !== "request.time";
}

/** Whether the whole condition can come out unknown. A schedule counts as known: its horizon lies years ahead. */
export function conditionMayBeUnknown(condition: Condition, space: CaseSpace): boolean {
  if (condition.op === "task_mentions") return true;
  if (condition.op === "present") return false;
  if (condition.op === "not") return conditionMayBeUnknown(condition.of, space);
  if (condition.op === "and" || condition.op === "or")
    return condition.of.some((part) => conditionMayBeUnknown(part, space));
  if (condition.op === "every" || condition.op === "some")
    return (
      holdsRecords(condition.list, space) ||
      mayBeUnknown(condition.list, space) ||
      conditionMayBeUnknown(condition.body, space)
    );
  return operandsOf(condition).some((operand) => mayBeUnknown(operand, space));
}

/** Elements with fields of their own, any of which may be left out. */
function holdsRecords(list: Operand, space: CaseSpace): boolean {
  const type = list.from === "args" ? paramAt(space.action.params, list.path)?.type : undefined;
  return type?.kind === "list" && type.of.kind === "record";
}

/** The operands that a simple condition reads. */
export function operandsOf(condition: Condition): readonly Operand[] {
  switch (condition.op) {
    case "compare":
    case "like":
    case "contains":
    case "starts_with":
    case "ends_with":
      return [condition.left, condition.right];
    case "in":
    case "in_set":
    case "in_group":
    case "in_network":
      return [condition.left];
    case "has":
      return [condition.list, condition.value];
    case "present":
    case "task_mentions":
      return [condition.of];
    case "detect":
      return condition.of === null ? [] : [condition.of];
    default:
      return [];
  }
}
