/**
 * Patterns over resources, segment by segment. Texts are never joined and cut again, so a value can't smuggle in a
 * separator. What an action's template already decides about a pattern is decided when the rule is prepared.
 */
import type { Action, Pattern, PatternSegment } from "../table.ts";
import { type Formula, ALWAYS, NEVER, anyOf, known } from "../formula/formula.ts";
import type { Frame } from "../formula/frame.ts";
import { missingOf, readerOf } from "../formula/operand.ts";
import type { Scope } from "../formula/scope.ts";
import { FALSE, TRUE, type Truth, UNKNOWN } from "../formula/truth.ts";
import { globTest } from "../values/glob.ts";

/** True where the resource lies in one of the patterns; false for a request without a resource. */
export function patternsFormula(patterns: readonly Pattern[], action: Action, scope: Scope): Formula {
  return anyOf(patterns.map((pattern) => patternFormula(pattern, action, scope)));
}

function patternFormula(pattern: Pattern, action: Action, scope: Scope): Formula {
  const foreseen = foresee(pattern, action);
  if (foreseen !== null) return foreseen;
  const segments = pattern.map((segment) => segmentTest(segment, scope));
  const holes = pattern.filter((segment) => segment.kind === "hole").map(({ operand }) => readerOf(operand, scope));
  return known(
    (frame) => (frame.resource === null ? FALSE : matchSegments(segments, frame.resource.segments, frame)),
    (frame) => missingOf(holes, frame),
  );
}

/** Null stands for `**`. */
type SegmentTest = ((segment: string, frame: Frame) => Truth) | null;

function segmentTest(segment: PatternSegment, scope: Scope): SegmentTest {
  switch (segment.kind) {
    case "rest":
      return null;
    case "text":
      return (text) => (text === segment.text ? TRUE : FALSE);
    case "glob": {
      const test = globTest(segment.glob);
      return (text) => (test(text) ? TRUE : FALSE);
    }
    case "hole": {
      const { read } = readerOf(segment.operand, scope);
      return (text, frame) => {
        const value = read(frame);
        return value === undefined ? UNKNOWN : String(value) === text ? TRUE : FALSE;
      };
    }
  }
}

/** Most patterns end in their only `**` or have none: one pass. */
function matchSegments(tests: readonly SegmentTest[], segments: readonly string[], frame: Frame): Truth {
  let result: Truth = TRUE;
  for (let at = 0; at < tests.length; at++) {
    const test = tests[at] as SegmentTest;
    if (test === null) {
      if (at === tests.length - 1) return result;
      return both(result, matchAnywhere(tests.slice(at + 1), segments.slice(at), frame));
    }
    if (at >= segments.length) return FALSE;
    const truth = test(segments[at] as string, frame);
    if (truth === FALSE) return FALSE;
    if (truth > result) result = truth;
  }
  return tests.length === segments.length ? result : FALSE;
}

/**
 * After a `**`: the tests may begin at any segment. Row by row, where `reached[j]` says whether the tests so far match
 * the first j segments, so that the time is the product of both lengths and no more.
 */
function matchAnywhere(tests: readonly SegmentTest[], segments: readonly string[], frame: Frame): Truth {
  let reached = new Array<Truth>(segments.length + 1).fill(TRUE);
  for (const test of tests) {
    const next = new Array<Truth>(segments.length + 1).fill(FALSE);
    for (let at = 0; at <= segments.length; at++) {
      if (test === null) next[at] = either(reached[at] ?? FALSE, at === 0 ? FALSE : (next[at - 1] ?? FALSE));
      else if (at > 0 && reached[at - 1] !== FALSE) {
        next[at] = both(reached[at - 1] ?? FALSE, test(segments[at - 1] as string, frame));
      }
    }
    reached = next;
  }
  return reached[segments.length] ?? FALSE;
}

function both(left: Truth, right: Truth): Truth {
  if (left === FALSE || right === FALSE) return FALSE;
  return left > right ? left : right;
}

function either(left: Truth, right: Truth): Truth {
  if (left === TRUE || right === TRUE) return TRUE;
  return left > right ? left : right;
}

/**
 * Every resource of an action begins with a template's text before its first hole. Where the pattern leaves that text
 * it can never match; where the pattern is a part of it and then `**` it always does.
 */
function foresee(pattern: Pattern, action: Action): Formula | null {
  const fates = (action.resources ?? []).map(({ template }) => fateOf(pattern, template));
  if (fates.every((fate) => fate === false)) return NEVER;
  const always = fates.every((fate) => fate === true);
  return always && action.resources?.some((resource) => alwaysGives(resource, action)) === true ? ALWAYS : null;
}

/** Without a condition, and without a list that may be empty, a template gives at least one resource. */
function alwaysGives({ when, template }: ConditionalTemplate, { params }: Action): boolean {
  if (when !== null) return false;
  return template.every((segment) => {
    const type = segment.kind === "hole" ? params.find((param) => param.name === segment.path[0])?.type : undefined;
    return type?.kind !== "list" || type.min > 0;
  });
}

type ConditionalTemplate = NonNullable<Action["resources"]>[number];

function fateOf(pattern: Pattern, template: ConditionalTemplate["template"]): boolean | null {
  for (const [at, segment] of pattern.entries()) {
    if (segment.kind === "rest") return at === pattern.length - 1 ? true : null;
    const beside = template[at];
    if (segment.kind !== "text" || beside?.kind !== "text") return null;
    if (segment.text !== beside.text) return false;
  }
  return null;
}
