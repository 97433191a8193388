/** A step of a test in a few words. */
import { assertNever } from "../assert-never.ts";
import type { ResolvedStep } from "../program.ts";

/** What is asked for: the action, or what else the step does. */
export function stepName(step: ResolvedStep): string {
  switch (step.kind) {
    case "call":
      return step.action;
    case "open":
      return "session.open";
    case "become":
      return `become ${step.role}`;
    case "delegate":
      return `delegate to ${step.agent}`;
    case "given":
    case "given set":
    case "after":
    case "return":
      return step.kind;
    default:
      return assertNever(step);
  }
}
