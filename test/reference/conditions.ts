/** Conditions, read off the tree and evaluated one node at a time (docs/language.md, "Conditions"). */
import type { CompareOperator, Expression, Guard, Literal, PathExpression } from "../../dsl/ast.ts";
import { carriesCanary } from "./canaries.ts";
import { actionNamed, defineNamed, groupNamed, liveSetNamed, scheduleNamed, setNamed } from "./declarations.ts";
import { readPath, requesterGroups, requesterInGroup, type Situation } from "./facts.ts";
import type { Admitted } from "./model.ts";
import { inNetwork } from "./networks.ts";
import { duringSchedule } from "./schedule.ts";
import { mentions } from "./task.ts";
import { and, isUnknown, not, or, unknown, type Truth, type Unknown } from "./truth.ts";
import { checkFields, glob, scaledNumber, type Value } from "./values.ts";

/** `when C` or `unless C`; true where nothing is written. */
export function guardHolds(guard: Guard | null, situation: Situation): Truth {
  if (guard === null) return true;
  const truth = holds(guard.condition, situation);
  return guard.unless ? not(truth) : truth;
}

type Of<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;

export function holds(expression: Expression, situation: Situation): Truth {
  switch (expression.kind) {
    case "And":
      return and(expression.of.map((one) => holds(one, situation)));
    case "Or":
      return or(expression.of.map((one) => holds(one, situation)));
    case "Not":
      return not(holds(expression.of, situation));
    case "Parens":
      return holds(expression.of, situation);
    case "Compare":
      return compare(expression, situation);
    case "In":
      return expression.negated ? not(isIn(expression, situation)) : isIn(expression, situation);
    case "TextTest":
      return textTest(expression, situation);
    case "IsPresent":
      return isUnknown(readPath(expression.of, situation)) === expression.negated;
    case "Quantifier":
      return quantified(expression, situation);
    case "SessionHas":
      return situation.state.labels.has(expression.label.value);
    case "SessionDid":
      return sessionDid(expression, situation);
    case "During":
      return during(expression.schedule.value, situation);
    case "TaskMentions":
      return taskMentions(expression.of, situation);
    case "DefineCall":
      return defined(expression, situation);
    case "Detects":
      return detected(expression, situation);
    case "Boolean":
      return expression.value;
    default:
      return truthOf(valueOf(expression, situation));
  }
}

function truthOf(value: Value | Unknown): Truth {
  if (isUnknown(value)) return value;
  if (value.kind === "bool") return value.value;
  throw new Error(`a ${value.kind} is no condition`);
}

function literal(node: Literal): Value {
  switch (node.kind) {
    case "String":
      return { kind: "text", text: node.value };
    case "Number":
      return { kind: "number", scaled: scaledNumber(node.text) ?? 0n };
    case "Duration":
      return { kind: "duration", ms: node.milliseconds };
    case "Date":
    case "Time":
      return { kind: "time", ms: Date.parse(node.text) };
    default:
      return { kind: "bool", value: node.value };
  }
}

function valueOf(expression: Expression, situation: Situation): Value | Unknown {
  switch (expression.kind) {
    case "Path": {
      const words = expression.segments.map((segment) => segment.value).join(".");
      return words === "requester.groups" ? requesterGroups(situation) : readPath(expression, situation);
    }
    case "Parens":
      return valueOf(expression.of, situation);
    case "List":
      return { kind: "list", items: expression.items.map(literal) };
    case "String":
    case "Number":
    case "Duration":
    case "Date":
    case "Time":
    case "Boolean":
      return literal(expression);
    default: {
      const truth = holds(expression, situation);
      return isUnknown(truth) ? truth : { kind: "bool", value: truth };
    }
  }
}

/** Below zero, zero or above, for values that have an order or at least equality. */
function order(left: Value, right: Value): number {
  if (left.kind === "number" && right.kind === "number") return Number(left.scaled - right.scaled);
  if ("ms" in left && "ms" in right) return left.ms - right.ms;
  if (left.kind === "bool" && right.kind === "bool") return Number(left.value) - Number(right.value);
  if ("text" in left && "text" in right) {
    const urls = left.kind === "url" || right.kind === "url";
    return (urls ? new URL(left.text).href === new URL(right.text).href : left.text === right.text) ? 0 : 1;
  }
  throw new Error(`a ${left.kind} can't be compared with a ${right.kind}`);
}

function accepted(operator: CompareOperator, sign: number): boolean {
  switch (operator) {
    case "==":
      return sign === 0;
    case "!=":
      return sign !== 0;
    case "<":
      return sign < 0;
    case "<=":
      return sign <= 0;
    case ">":
      return sign > 0;
    default:
      return sign >= 0;
  }
}

/** Both values where both are known, else what is missing. */
function both(left: Value | Unknown, right: Value | Unknown): readonly [Value, Value] | Unknown {
  if (isUnknown(left)) return isUnknown(right) ? unknown(...left.unknown, ...right.unknown) : left;
  return isUnknown(right) ? right : [left, right];
}

function compare(node: Of<"Compare">, situation: Situation): Truth {
  const pair = both(valueOf(node.left, situation), valueOf(node.right, situation));
  return isUnknown(pair) ? pair : accepted(node.operator, order(...pair));
}

function namedBy(expression: Expression, situation: Situation): string | null {
  if (expression.kind !== "Path" || expression.segments.length !== 1) return null;
  const name = expression.segments[0]?.value ?? "";
  return situation.bound.has(name) ? null : name;
}

function isIn(node: Of<"In">, situation: Situation): Truth {
  const name = namedBy(node.right, situation);
  const group = name === null ? undefined : groupNamed(situation.policy, name);
  if (group !== undefined) return inGroup(node.left, group.name.value, situation);
  if (name !== null && liveSetNamed(situation.policy, name) !== undefined) return inLiveSet(node.left, name, situation);
  const set = name === null ? undefined : setNamed(situation.policy, name);
  const left = valueOf(node.left, situation);
  if (set !== undefined) return isUnknown(left) ? left : contains(set.members.map(literal), left);
  const pair = both(left, valueOf(node.right, situation));
  if (isUnknown(pair)) return pair;
  const [value, list] = pair;
  return contains(list.kind === "list" ? list.items : [list], value, readsIp(node.left, situation));
}

/** What can't be read is unknown; the text is compared as it stands. */
function inLiveSet(left: Expression, name: string, situation: Situation): Truth {
  const value = valueOf(left, situation);
  if (isUnknown(value)) return value;
  const members = situation.state.live.get(name);
  if (!("text" in value)) throw new Error(`only texts can be in ${name}`);
  return members === undefined ? unknown(`live set ${name}`) : members.has(value.text);
}

/** Only canaries are looked for here. */
function detected(node: Of<"Detects">, situation: Situation): Truth {
  const { policy, question, args } = situation;
  if (node.detector.value !== "canaries") throw new Error(`the reference knows no ${node.detector.value}`);
  const name = node.of?.segments[1]?.value ?? null;
  if (name !== null && !args.has(name)) return unknown(`args.${name}`);
  const looked = name === null ? question.args : (question.args[name] ?? null);
  return carriesCanary(policy, looked, question.sha256);
}

function contains(items: readonly Value[], value: Value, networks = false): boolean {
  return items.some((item) => {
    if (networks && "text" in item && "text" in value) return inNetwork(value.text, item.text);
    return order(item, value) === 0;
  });
}

/** Texts beside an address are networks. */
function readsIp(expression: Expression, { policy, question }: Situation): boolean {
  if (expression.kind !== "Path") return false;
  const [root = "", name = ""] = expression.segments.map((one) => one.value);
  if (root === "request") return name === "ip";
  const param = actionNamed(policy, question.action)?.params?.find((one) => one.name.value === name);
  return root === "args" && param?.type.kind === "NamedType" && param.type.name.value === "ip";
}

function inGroup(left: Expression, name: string, situation: Situation): Truth {
  const path = left.kind === "Path" ? left.segments.map((one) => one.value).join(".") : "";
  if (path === "requester.id") return requesterInGroup(situation, name);
  const value = valueOf(left, situation);
  if (isUnknown(value)) return value;
  const members = groupNamed(situation.policy, name)?.members;
  if (!members || !("text" in value)) throw new Error(`only the requester can be in ${name}`);
  return members.some((member) => member.value.toLowerCase() === value.text.toLowerCase());
}

function textTest(node: Of<"TextTest">, situation: Situation): Truth {
  const pair = both(valueOf(node.left, situation), valueOf(node.right, situation));
  if (isUnknown(pair)) return pair;
  const [left, right] = pair;
  if (left.kind === "list") return contains(left.items, right);
  if (!("text" in left) || !("text" in right)) throw new Error("only texts can be searched");
  switch (node.operator) {
    case "like":
      return glob(left.text, right.text);
    case "contains":
      return left.text.includes(right.text);
    case "starts with":
      return left.text.startsWith(right.text);
    default:
      return left.text.endsWith(right.text);
  }
}

function quantified(node: Of<"Quantifier">, situation: Situation): Truth {
  const list = valueOf(node.list, situation);
  if (isUnknown(list)) return list;
  if (list.kind !== "list") throw new Error("only lists have elements");
  const truths = list.items.map((item) => {
    const bound = new Map(situation.bound).set(node.variable.value, item);
    return holds(node.body, { ...situation, bound });
  });
  return node.quantifier === "every" ? and(truths) : or(truths);
}

/** The session's own records say what was done; here they are asked for each argument by its meaning. */
function sessionDid(node: Of<"SessionDid">, situation: Situation): Truth {
  const { state, args } = situation;
  const names = node.same.map((name) => name.value);
  const missing = names.filter((name) => !args.has(name));
  if (missing.length > 0) return unknown(...missing.map((name) => `args.${name}`));
  const since = node.within === null ? Number.NEGATIVE_INFINITY : state.now - node.within.milliseconds;
  return state.admitted.some((one) => {
    const then = argsOf(one, situation);
    const same = names.every((name) => meaning(then.get(name)) === meaning(args.get(name)));
    return one.action === node.action.value && one.at >= since && same;
  });
}

function argsOf(one: Admitted, { policy }: Situation): ReadonlyMap<string, Value> {
  const action = actionNamed(policy, one.action);
  const checked = checkFields(one.args, action?.params ?? [], true, "");
  return "value" in checked && checked.value.kind === "record" ? checked.value.fields : new Map();
}

/** Equal texts for equal values, however they were written. */
function meaning(value: Value | undefined): string {
  if (value === undefined) return "absent";
  switch (value.kind) {
    case "list":
      return `[${value.items.map(meaning).join()}]`;
    case "record":
      return `{${[...value.fields].map(([name, field]) => `${name}:${meaning(field)}`).join()}}`;
    case "url":
      return new URL(value.text).href;
    case "number":
      return String(value.scaled);
    default:
      return JSON.stringify(value);
  }
}

function during(name: string, { policy, question }: Situation): Truth {
  const schedule = scheduleNamed(policy, name);
  if (schedule === undefined) throw new Error(`no schedule ${name}`);
  return duringSchedule(schedule, question.at);
}

function taskMentions(path: PathExpression, situation: Situation): Truth {
  const value = readPath(path, situation);
  const { task } = situation.state;
  if (isUnknown(value)) return value;
  if (task === undefined) return unknown("task");
  const items = value.kind === "list" ? value.items : [value];
  if (items.length === 0) return unknown(path.segments.map((segment) => segment.value).join("."));
  return items.every((item) => "text" in item && mentions(task, item.text, item.kind === "url"));
}

function defined(node: Of<"DefineCall">, situation: Situation): Truth {
  const define = defineNamed(situation.policy, node.name.value);
  if (define === undefined) throw new Error(`no define ${node.name.value}`);
  const values = node.args.map((arg) => valueOf(arg, situation));
  const bound = new Map(
    define.params.map((param, index) => [param.name.value, values[index] ?? unknown(param.name.value)]),
  );
  return holds(define.body, { ...situation, bound });
}
