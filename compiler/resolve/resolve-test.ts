/** `test` blocks: names bound, arguments as an agent would send them. */
import { assertNever } from "../assert-never.ts";
import type { Name, Parameter, TestArgument, TestDeclaration, TestStep, TestValue } from "../../dsl/index.ts";
import { type JsonObject, type JsonValue, type Param, type ParamType, REASONS } from "../../engine/index.ts";
import { SESSION_OPEN } from "../collect/names.ts";
import { nearestName } from "../nearest-name.ts";
import type { ResolvedCall, ResolvedExpectation, ResolvedStep, ResolvedTest } from "../program.ts";
import { isInvented, replaceWith, type Report } from "../report.ts";
import { readMoment } from "../type/type-literal.ts";
import { refuseUnsupported } from "../unsupported/refuse-unsupported.ts";
import type { Actions } from "./actions.ts";
import { type Context, lookup, lookupAll, reportUnknown } from "./context.ts";

const OUTCOMES: readonly string[] = ["allow", "notify", "ask", "never"];

/** The test; null, with messages, where it names something that doesn't exist. */
export function resolveTest(context: Context, actions: Actions, node: TestDeclaration): ResolvedTest | null {
  const agent = lookup(context, "agent", node.agent);
  const at = node.at && readMoment(node.at);
  const steps = node.steps.map((step) => resolveStep(context, actions, step));
  const known = steps.filter((step) => step !== null);
  if (agent === null || known.length < steps.length) return null;
  return {
    title: node.title.value,
    span: node.title.span,
    agent: node.agent.value,
    requester: node.requester?.value.toLowerCase() ?? null,
    at,
    task: node.task?.value ?? null,
    steps: known,
  };
}

function resolveStep(context: Context, actions: Actions, step: TestStep): ResolvedStep | null {
  if (step.kind === "Call") return resolveCall(context, actions, step);
  return lookup(context, "label", step.label) && { kind: "given", label: step.label.value, span: step.span };
}

type CallNode = Extract<TestStep, { kind: "Call" }>;

function resolveCall(context: Context, actions: Actions, step: CallNode): ResolvedCall | null {
  const expectation = resolveExpectation(context, step);
  if (expectation === null || !knowsAction(context, step, expectation)) return null;
  const action = actions.byName.get(step.action.value);
  if (action && expectation.outcome !== "invalid_argument" && !action.open) {
    // A parameter whose type has had its message is declared nevertheless.
    const declared = context.names.by.action.get(action.name)?.params ?? [];
    refuseUndeclared(step.args, declared, {
      what: `argument of \`${action.name}\` called`,
      report: context.report,
    });
  }
  const repeat = readRepeat(step, context.report);
  const args = objectOf(step.args, action?.params ?? []);
  const { span, approved } = step;
  return repeat === null
    ? null
    : { kind: "call", span, repeat, approved, action: step.action.value, args, expectation };
}

function knowsAction(context: Context, step: CallNode, expectation: ResolvedExpectation): boolean {
  if (step.action.value === SESSION_OPEN) {
    refuseUnsupported("session.open", step.action.span, context.report);
    return false;
  }
  if (expectation.outcome === "unknown_action") return true;
  return lookup(context, "action", step.action) !== null;
}

function readRepeat(step: CallNode, report: Report): number | null {
  if (step.repeat === null) return 1;
  const repeat = Number(step.repeat.text);
  if (Number.isSafeInteger(repeat) && repeat >= 1 && repeat <= 100_000) return repeat;
  report.error("AP3102", {
    span: step.repeat.span,
    message: `a call can't be repeated \`${step.repeat.text}\` times`,
    help: "write a whole number from 1 to 100000",
  });
  return null;
}

function resolveExpectation(context: Context, step: CallNode): ResolvedExpectation | null {
  const { outcome, via, span } = step.expectation;
  const approvals = lookupAll(context, "approval", via);
  if (isInvented(outcome)) return null;
  const known = [...OUTCOMES, ...REASONS.filter((reason) => reason !== "rule")];
  if (!known.includes(outcome.value)) {
    refuseOutcome(outcome, known, context.report);
    return null;
  }
  if (via.length > 0 && outcome.value !== "ask") {
    context.report.error("AP3101", {
      span: via[0]?.span ?? span,
      message: `\`${outcome.value}\` needs no approval`,
      label: "asks nobody",
      help: "remove `via`, or expect `ask`",
    });
    return null;
  }
  return { span, outcome: outcome.value, via: approvals };
}

function refuseOutcome(outcome: Name, known: readonly string[], report: Report): void {
  const near = outcome.value === "deny" ? "never" : nearestName(outcome.value, known);
  report.error("AP3100", {
    span: outcome.span,
    message: `there is no outcome \`${outcome.value}\``,
    label: "unknown name",
    help:
      near === null
        ? "expect `allow`, `notify`, `ask`, `never`, or a reason such as `no_rule` or `limit_exceeded`"
        : `did you mean \`${near}\`?`,
    fix: near === null ? null : replaceWith(outcome.span, near),
  });
}

/** A misspelt argument in a test would otherwise only show as a test that fails with `invalid_argument`. */
function refuseUndeclared(
  args: readonly TestArgument[],
  declared: readonly Parameter[],
  { what, report }: { readonly what: string; readonly report: Report },
): void {
  const names = declared.map((param) => param.name.value);
  for (const { name } of args) {
    if (!names.includes(name.value)) reportUnknown(report, { code: "AP2021", what, name }, names);
  }
}

function objectOf(args: readonly TestArgument[], params: readonly Param[]): JsonObject {
  const object: { [name: string]: JsonValue } = Object.create(null);
  for (const { name, value } of args) {
    const type = params.find((param) => param.name === name.value)?.type ?? null;
    object[name.value] = jsonOf(value, type);
  }
  return object;
}

/** A number is sent as text where a decimal is due, because JSON numbers needn't be exact. */
function jsonOf(value: TestValue, type: ParamType | null): JsonValue {
  switch (value.kind) {
    case "String":
    case "Boolean":
      return value.value;
    case "Number":
      return type?.kind === "decimal" ? value.text : Number(value.text);
    case "Duration":
      return value.text;
    case "Date":
      return `${value.text}T00:00:00Z`;
    case "Time":
      return value.text;
    case "Null":
      return null;
    case "ListValue":
      return value.items.map((item) => jsonOf(item, type?.kind === "list" ? type.of : null));
    case "RecordValue":
      return objectOf(value.fields, type?.kind === "record" ? type.fields : []);
    default:
      return assertNever(value);
  }
}
