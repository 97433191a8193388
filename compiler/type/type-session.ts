/** What the session, the task and the detectors tell. */
import type { Expression, Name, Parameter } from "../../dsl/index.ts";
import type { Condition, ParamType } from "../../engine/index.ts";
import { SESSION_OPEN } from "../collect/names.ts";
import { isInvented, muted } from "../report.ts";
import { lookup, reportUnknown } from "../resolve/context.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { noteRead } from "./optional-reads.ts";
import type { Scope } from "./scope.ts";
import { declaredParam, typePath } from "./type-path.ts";
import { describeType, joinTypes, type ValueType } from "./value-type.ts";

type SessionDidNode = Extract<Expression, { kind: "SessionDid" }>;

export function typeSessionDid(node: SessionDidNode, scope: Scope): Condition | null {
  if (node.action.value === SESSION_OPEN) return refuseOpening(node, scope);
  const action = lookup(scope.context, "action", node.action);
  if (action === null) return null;
  const within = node.within?.milliseconds ?? null;
  if (within === 0) return refuseNoTime(node, scope);
  const same = node.same.filter((name) => comparesBoth(node, name, scope));
  if (same.length < node.same.length) return null;
  const names = [...new Set(same.map((name) => name.value))].toSorted();
  return { op: "session_did", action: action.name.value, same: names, within };
}

function refuseOpening(node: SessionDidNode, scope: Scope): null {
  scope.context.report.error("AP3105", {
    span: node.action.span,
    message: "`session did` can't ask about `session.open`",
    label: "a session is opened once, before anything in it",
    help: "ask about `session.age` instead",
  });
  return null;
}

function refuseNoTime(node: SessionDidNode, scope: Scope): null {
  scope.context.report.error("AP3039", {
    span: node.within?.span ?? node.span,
    message: "nothing happens within no time",
    help: "write a longer time, or leave `within` out for the whole session",
  });
  return null;
}

/** An argument that is to be the same must be one of this request and of the earlier action. */
function comparesBoth(node: SessionDidNode, name: Name, scope: Scope): boolean {
  if (isInvented(name)) return false;
  if (scope.actions === null) {
    scope.context.report.error("AP3002", {
      span: name.span,
      message: "a define can't read `args`",
      label: "depends on the action",
      help: "write `session did … same (…)` in the rule itself",
    });
    return false;
  }
  const here = declaredParam(name, scope);
  if (here === null) return false;
  noteRead(
    { operand: { from: "args", path: [name.value] }, type: here.type, optional: here.optional },
    name.span,
    scope,
  );
  const params = scope.context.names.by.action.get(node.action.value)?.params ?? [];
  const there = params.find((param) => param.name.value === name.value);
  if (there) return sameTypes(there, here.type, name, scope);
  const what = `argument of \`${node.action.value}\` called`;
  reportUnknown(
    scope.context.report,
    { code: "AP2021", what, name },
    params.map((param) => param.name.value),
  );
  return false;
}

function sameTypes(there: Parameter, here: ParamType, name: Name, scope: Scope): boolean {
  const type = resolveType(there.type, muted);
  if (type === null || joinTypes(type, here) !== null) return type !== null;
  scope.context.report.error("AP3004", {
    span: name.span,
    message: `\`${name.value}\` has another type in the earlier action`,
    label: `${describeType(here)} here, ${describeType(type)} there`,
    related: [{ span: there.span, label: "declared here" }],
    help: "compare arguments of one type",
  });
  return false;
}

type TaskMentionsNode = Extract<Expression, { kind: "TaskMentions" }>;

export function typeTaskMentions(node: TaskMentionsNode, scope: Scope): Condition | null {
  const of = typePath(node.of, scope);
  if (of === null) return null;
  noteRead(of, node.span, scope);
  const type = of.type.kind === "list" ? of.type.of : of.type;
  if (standsInTask(type)) return { op: "task_mentions", of: of.operand };
  return refuseMention(node, type, scope);
}

function standsInTask(type: ValueType): boolean {
  if (type.kind === "string") return (type.min ?? 0) >= 4;
  return type.kind === "email" || type.kind === "url" || type.kind === "host" || type.kind === "uuid";
}

function refuseMention(node: TaskMentionsNode, type: ValueType, scope: Scope): null {
  const short = type.kind === "string";
  scope.context.report.error("AP3033", {
    span: node.of.span,
    message: short
      ? "a short text stands in a task by chance"
      : `${describeType(type)} can't be looked for in the task`,
    label: short ? "may be shorter than 4 characters" : null,
    help: short
      ? "declare the argument as `string(min 4)`"
      : "`task mentions` takes `email`, `url`, `host`, `uuid` and `string(min 4)`",
  });
  return null;
}
