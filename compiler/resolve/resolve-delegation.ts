/** `delegate to AGENT`: a session of another agent below the one that the test is in. */
import type { DelegateStep } from "../../dsl/index.ts";
import type { ResolvedDelegation } from "../program.ts";
import { type Context, lookup } from "./context.ts";
import { refuseOutcomeOf, resolveExpectation } from "./resolve-expectation.ts";

export function resolveDelegation(context: Context, step: DelegateStep): ResolvedDelegation | null {
  const agent = lookup(context, "agent", step.agent);
  const expectation = step.expectation === null ? null : resolveExpectation(context, step.expectation);
  if (agent === null || (step.expectation !== null && expectation === null)) return null;
  if (expectation?.outcome === "ask" || expectation?.outcome === "notify")
    return refuseOutcomeOf(expectation, "delegating asks and tells nobody", context.report);
  return { kind: "delegate", span: step.span, agent: step.agent.value, expectation };
}
