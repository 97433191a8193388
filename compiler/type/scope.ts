/** Where a condition stands: what it can read there, and what it may not. */
import type { Span } from "../../dsl/index.ts";
import type { Action, Operand, Param } from "../../engine/index.ts";
import type { Context } from "../resolve/context.ts";
import type { ValueType } from "./value-type.ts";

export interface Scope {
  readonly context: Context;
  /** The actions whose arguments `args` reads; null inside a `define`, which takes what it reads as parameters. */
  readonly actions: readonly ParamsOwner[] | null;
  /** Elements of quantifiers and parameters of a define, by name. */
  readonly variables: ReadonlyMap<string, Bound>;
  readonly inQuantifier: boolean;
  /** Whether an odd number of `not` (or an `unless`) stands above. */
  readonly negated: boolean;
  /** The tier's word where detectors and `claimed` may not be read, because the agent could turn them as it likes. */
  readonly grantingTier: string | null;
  readonly reads: Reads;
}

export type ParamsOwner = Pick<Action, "name" | "params">;

/** A value that a condition reads. */
export interface Bound {
  readonly operand: Operand;
  readonly type: ValueType;
  /** How the text names it where it may be left out, as in `args.cc`; null where it is always there. */
  readonly optional: string | null;
}

/** What one condition was seen to read, for the check on optional arguments. */
export interface Reads {
  readonly optional: OptionalRead[];
  /** What an `is present` tests. */
  readonly present: Set<string>;
}

export interface OptionalRead {
  readonly path: string;
  /** The comparison or test that reads it. */
  readonly span: Span;
  readonly negated: boolean;
}

export function noReads(): Reads {
  return { optional: [], present: new Set() };
}

/** The parameter that every action of the scope declares under this name, with one type. */
export interface SharedParam {
  readonly param: Param | null;
  /** Actions that don't declare it. */
  readonly missing: readonly string[];
  /** Two actions that declare it with different types. */
  readonly differing: readonly [ParamsOwner, ParamsOwner] | null;
}
