/** Calls of a test: arguments as an agent would send them, and what should come of it. */
import type { CallStep, Parameter, TestArgument } from "../../dsl/index.ts";
import { SESSION_OPEN } from "../collect/names.ts";
import type { ResolvedCall, ResolvedExpectation, ResolvedOpening } from "../program.ts";
import type { Report } from "../report.ts";
import type { Actions } from "./actions.ts";
import { type Context, lookup, reportUnknown } from "./context.ts";
import { checkAnswer, refuseOutcomeOf, resolveExpectation } from "./resolve-expectation.ts";
import { argumentsOf } from "./test-value.ts";

/** Null, with messages, where it names something that doesn't exist or expects what can't come. */
export function resolveCall(context: Context, actions: Actions, step: CallStep): ResolvedCall | null {
  const expectation = resolveExpectation(context, step.expectation);
  if (expectation === null || !knowsAction(context, step, expectation)) return null;
  if (!checkAnswer(step, expectation, context.report)) return null;
  const action = actions.byName.get(step.action.value);
  if (action && expectation.outcome !== "invalid_argument" && !action.open) {
    // A parameter whose type has had its message is declared nevertheless.
    const declared = context.names.by.action.get(action.name)?.params ?? action.params;
    refuseUndeclared(step.args, declared, action.name, context.report);
  }
  const repeat = readRepeat(step, context.report);
  if (repeat === null) return null;
  const { span, answer, failed } = step;
  const args = argumentsOf(step.args, action?.params ?? []);
  return { kind: "call", span, repeat, answer, failed, action: step.action.value, args, expectation };
}

/** `session.open`, which every policy has: no parameters, and no person is asked. */
export function resolveOpening(context: Context, step: CallStep): ResolvedOpening | null {
  const expectation = resolveExpectation(context, step.expectation);
  const repeat = readRepeat(step, context.report);
  if (expectation === null || repeat === null) return null;
  if (expectation.outcome === "ask" || expectation.outcome === "notify")
    return refuseOutcomeOf(expectation, "opening a session asks and tells nobody", context.report);
  if (step.answer !== null || step.failed || step.args.length > 0) {
    context.report.error("AP2154", {
      span: step.span,
      message: `\`${SESSION_OPEN}\` takes no arguments, and nobody is asked about it`,
      label: "more than `session.open`",
      help: `write \`${SESSION_OPEN}() => ${expectation.outcome}\``,
    });
    return null;
  }
  return { kind: "open", span: step.span, repeat, expectation };
}

function knowsAction(context: Context, step: CallStep, expectation: ResolvedExpectation): boolean {
  if (expectation.outcome === "unknown_action") return true;
  return lookup(context, "action", step.action) !== null;
}

function readRepeat(step: CallStep, report: Report): number | null {
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

/** A misspelt argument in a test would otherwise only show as a test that fails with `invalid_argument`. */
function refuseUndeclared(
  args: readonly TestArgument[],
  declared: readonly (Parameter | { readonly name: string })[],
  action: string,
  report: Report,
): void {
  const names = declared.map(({ name }) => (typeof name === "string" ? name : name.value));
  for (const { name } of args) {
    if (names.includes(name.value)) continue;
    reportUnknown(report, { code: "AP2021", what: `argument of \`${action}\` called`, name }, names);
  }
}
