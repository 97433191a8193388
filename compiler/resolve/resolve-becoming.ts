/** `become ROLE`: a role for a while, which people are asked for. */
import type { BecomeStep } from "../../dsl/index.ts";
import type { ResolvedBecoming } from "../program.ts";
import { type Context, lookup } from "./context.ts";
import { checkAnswer, refuseOutcomeOf, resolveExpectation } from "./resolve-expectation.ts";

export function resolveBecoming(context: Context, step: BecomeStep): ResolvedBecoming | null {
  const role = lookup(context, "role", step.role);
  const expectation = resolveExpectation(context, step.expectation);
  if (role === null || expectation === null) return null;
  if (expectation.outcome === "notify")
    return refuseOutcomeOf(expectation, "a role is always asked for", context.report);
  if (!checkAnswer({ ...step, failed: false }, expectation, context.report)) return null;
  return { kind: "become", span: step.span, answer: step.answer, role: step.role.value, expectation };
}
