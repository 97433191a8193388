/** `test` blocks: names bound, steps in the sessions that they are played in. */
import type { TestDeclaration, TestStep } from "../../dsl/index.ts";
import { assertNever } from "../assert-never.ts";
import { SESSION_OPEN } from "../collect/names.ts";
import type { ResolvedStep, ResolvedTest } from "../program.ts";
import { readMoment } from "../type/type-literal.ts";
import type { Actions } from "./actions.ts";
import { type Context, lookup, reportUnknown } from "./context.ts";
import { resolveBecoming } from "./resolve-becoming.ts";
import { resolveCall, resolveOpening } from "./resolve-call.ts";
import { resolveDelegation } from "./resolve-delegation.ts";

type Step<Kind> = Extract<TestStep, { kind: Kind }>;

/** The test; null, with messages, where it names something that doesn't exist. */
export function resolveTest(context: Context, actions: Actions, node: TestDeclaration): ResolvedTest | null {
  const agent = lookup(context, "agent", node.agent);
  const at = node.at && readMoment(node.at);
  warnOfNothing(context, node);
  const steps = resolveSteps(context, actions, node.steps);
  if (agent === null || steps === null) return null;
  return {
    title: node.title.value,
    span: node.title.span,
    agent: node.agent.value,
    agentSpan: node.agent.span,
    requester: node.requester?.value.toLowerCase() ?? null,
    at,
    task: node.task?.value ?? null,
    steps,
  };
}

/** Null where any of them has a mistake: what follows it may rest on it. */
function resolveSteps(context: Context, actions: Actions, nodes: readonly TestStep[]): readonly ResolvedStep[] | null {
  const steps: ResolvedStep[] = [];
  // How many sessions are open above the one that the step is played in.
  let depth = 0;
  for (const node of nodes) {
    const step = resolveStep(context, actions, node, depth);
    if (step !== null) steps.push(step);
    // By the node: what stands in it belongs there, even where its agent is misspelt.
    if (node.kind === "Delegate" && entersSession(node)) depth += 1;
    if (node.kind === "Return") depth = Math.max(0, depth - 1);
  }
  return steps.length < nodes.length ? null : steps;
}

function entersSession({ expectation }: Step<"Delegate">): boolean {
  return expectation === null || expectation.outcome.value === "allow";
}

function resolveStep(context: Context, actions: Actions, step: TestStep, depth: number): ResolvedStep | null {
  switch (step.kind) {
    case "Given":
      return lookup(context, "label", step.label) && { kind: "given", label: step.label.value, span: step.span };
    case "GivenSet":
      return resolveGivenSet(context, step);
    case "After":
      return { kind: "after", duration: step.duration.milliseconds, span: step.span };
    case "Return":
      return resolveReturn(context, step, depth);
    case "Delegate":
      return resolveDelegation(context, step);
    case "Become":
      return depth > 0 ? refuseBelow(context, step, "become") : resolveBecoming(context, step);
    case "Call":
      if (step.action.value !== SESSION_OPEN) return resolveCall(context, actions, step);
      return depth > 0 ? refuseBelow(context, step, SESSION_OPEN) : resolveOpening(context, step);
    default:
      return assertNever(step);
  }
}

function resolveGivenSet(context: Context, { set, members, span }: Step<"GivenSet">): ResolvedStep | null {
  const { by } = context.names;
  context.used.add(`live set ${set.value}`);
  if (by["live set"].has(set.value))
    return { kind: "given set", set: set.value, members: members.map(({ value }) => value), span };
  const fixed = by.set.get(set.value);
  if (fixed === undefined) {
    reportUnknown(context.report, { code: "AP2011", what: "live set", name: set }, by["live set"].keys());
    return null;
  }
  context.report.error("AP2150", {
    span: set.span,
    message: `\`${set.value}\` isn't a live set`,
    label: "has its members in the policy",
    related: [{ span: fixed.name.span, label: "declared here" }],
    help: "remove the step, or change the set's own members",
  });
  return null;
}

function resolveReturn(context: Context, { span }: Step<"Return">, depth: number): ResolvedStep | null {
  if (depth > 0) return { kind: "return", span };
  context.report.error("AP2151", {
    span,
    message: "there is nothing to return from",
    label: "no session was opened below this one",
    help: "`delegate to AGENT` opens one; a test may also end in it, without `return`",
  });
  return null;
}

/** What only the session that the test begins with can do. */
function refuseBelow(context: Context, { span }: TestStep, what: string): null {
  context.report.error("AP2152", {
    span,
    message: `\`${what}\` can't stand in a session that was delegated to`,
    label: "below the test's own session",
    help: "write `return` before it",
  });
  return null;
}

/** Silence would look like a test that passed. */
function warnOfNothing(context: Context, node: TestDeclaration): void {
  if (node.steps.some((step) => "expectation" in step)) return;
  context.report.warning("AP2153", {
    span: node.title.span,
    message: "this test expects nothing, so it always passes",
    help: "add a call and what should come of it: `email.send(…) => never`",
  });
}
