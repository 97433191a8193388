/** `when C` and `unless C`, as one condition. */
import type { Guard } from "../../dsl/index.ts";
import type { Condition } from "../../engine/index.ts";
import type { Resolver } from "../resolve/context.ts";
import { type ReadIn, warnOptionalReads } from "./optional-reads.ts";
import type { Scope } from "./scope.ts";
import { typeCondition } from "./type-condition.ts";

/** `sound` is false, with messages, where the condition is wrong; `when` is null without one. */
export interface Guarded {
  readonly sound: boolean;
  readonly when: Condition | null;
}

/** The engine refuses a table whose conditions nest deeper than this, counted in objects and lists. */
const DEEPEST = 60;

export function typeGuard(guard: Guard | null, scope: Scope, where: ReadIn, resolver: Resolver): Guarded {
  if (guard === null) return { sound: true, when: null };
  const condition = typeCondition(guard.condition, scope);
  if (condition === null) return { sound: false, when: null };
  warnOptionalReads(scope.reads, where, resolver.textOf, resolver.report);
  const when: Condition = guard.unless ? { op: "not", of: condition } : condition;
  if (depthOf(when) <= DEEPEST) return { sound: true, when };
  resolver.report.error("AP3038", {
    span: guard.span,
    message: "this condition is nested too deeply",
    label: "nobody can review it",
    help: "write several rules",
  });
  return { sound: false, when: null };
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
