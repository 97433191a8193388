/**
 * Patterns over resources, segment by segment. Texts are never joined and cut again, so a value can't smuggle in a
 * separator. What an action's templates already decide about a pattern is decided when the rule is prepared.
 */
import type { Action, Pattern, PatternSegment, TemplateSegment } from "../table.ts";
import { type Formula, NEVER, anyOf, known, testAll } from "../formula/formula.ts";
import type { Frame } from "../formula/frame.ts";
import { type Read, missingOf, readerOf } from "../formula/operand.ts";
import type { Scope } from "../formula/scope.ts";
import { FALSE, TRUE, type Truth, UNKNOWN } from "../formula/truth.ts";
import type { JsonValue } from "../request.ts";
import { canonicalJson } from "../values/canonical-json.ts";
import { globTest } from "../values/glob.ts";
import { foresee, plainSegments } from "./foresee.ts";

type Test = Formula["test"];

/** How one segment compares; null stands for `**`. */
type SegmentTest = ((segment: string, frame: Frame) => Truth) | null;

/** True where the resource lies in one of the patterns; false for a request without a resource. */
export function patternsFormula(patterns: readonly Pattern[], action: Action, scope: Scope): Formula {
  return anyOf(patterns.map((pattern) => patternFormula(pattern, action, scope)));
}

function patternFormula(pattern: Pattern, action: Action, scope: Scope): Formula {
  const foreseen = foresee(pattern, action);
  if (foreseen !== null) return foreseen;
  const holes = pattern.filter((segment) => segment.kind === "hole").map(({ operand }) => readerOf(operand, scope));
  const rest = pattern.findIndex((segment) => segment.kind === "rest");
  const test =
    rest >= 0 && rest < pattern.length - 1 ? floatingTest(pattern, scope) : fixedTest(pattern, action, scope);
  return known(test, (frame) => missingOf(holes, frame));
}

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
        return value === undefined ? UNKNOWN : textOf(value) === text ? TRUE : FALSE;
      };
    }
  }
}

/** Numbers fill a hole as they are written. */
function textOf(value: JsonValue): string {
  return typeof value === "string" ? value : canonicalJson(value);
}

/**
 * A pattern whose only `**` stands last, or that has none: each segment has its place. Where the action's template
 * says which argument fills which place, the arguments are compared and the resource isn't cut into segments at all.
 */
function fixedTest(pattern: Pattern, action: Action, scope: Scope): Test {
  const open = pattern[pattern.length - 1]?.kind === "rest";
  const places = open ? pattern.slice(0, -1) : pattern;
  const plain = plainSegments(action, scope);
  if (plain === null) return cutTest(places, open, scope);
  if (open ? plain.length < places.length : plain.length !== places.length) return NEVER.test;
  const template = action.resources?.[0]?.template ?? [];
  return testAll(places.flatMap((segment, at) => placeTest(segment, template[at], plain[at], scope)));
}

/** A place with its own text, and a bare `*`, need no look. */
function placeTest(
  segment: PatternSegment,
  beside: TemplateSegment | undefined,
  read: Read | undefined,
  scope: Scope,
): readonly Test[] {
  if (read === undefined || (segment.kind === "glob" && segment.glob === "*")) return [];
  if (segment.kind === "text") {
    const { text } = segment;
    if (beside?.kind === "text") return beside.text === text ? [] : [NEVER.test];
    return [(frame) => (read(frame) === text ? TRUE : FALSE)];
  }
  if (segment.kind === "glob") {
    const matches = globTest(segment.glob);
    return [(frame) => (matches(read(frame) as string) ? TRUE : FALSE)];
  }
  const test = segmentTest(segment, scope);
  return test === null ? [] : [(frame) => test(read(frame) as string, frame)];
}

/** Any other resource, cut where it was joined: no segment holds a separator. */
function cutTest(places: Pattern, open: boolean, scope: Scope): Test {
  const tests = places.flatMap((segment) => segmentTest(segment, scope) ?? []);
  return (frame) => {
    const segments = segmentsOf(frame.resource);
    if (segments === null || segments.length < tests.length || (!open && segments.length > tests.length)) return FALSE;
    let result: Truth = TRUE;
    for (const [at, test] of tests.entries()) {
      const truth = test(segments[at] as string, frame);
      if (truth === FALSE) return FALSE;
      if (truth > result) result = truth;
    }
    return result;
  };
}

/** A template that is cut at once gives the empty resource, which has no segments. */
function segmentsOf(resource: string | null): readonly string[] | null {
  return resource === "" ? [] : (resource?.split("/") ?? null);
}

/**
 * A pattern with a `**` before its end. Segment by segment of the pattern, `reached[j]` says whether it matches the
 * first j segments of the resource so far: the time is the product of both lengths and no more.
 */
function floatingTest(pattern: Pattern, scope: Scope): Test {
  const tests = pattern.map((segment) => segmentTest(segment, scope));
  return (frame) => {
    const segments = segmentsOf(frame.resource);
    if (segments === null) return FALSE;
    let reached: readonly Truth[] = segments.map((): Truth => FALSE);
    reached = [TRUE, ...reached];
    for (const test of tests) reached = test === null ? spread(reached) : step(reached, segments, test, frame);
    return reached[segments.length] ?? FALSE;
  };
}

/** `**`: whatever was reached stays reached further on. */
function spread(reached: readonly Truth[]): readonly Truth[] {
  let best: Truth = FALSE;
  return reached.map((truth) => {
    best = best === TRUE || truth === TRUE ? TRUE : truth > best ? truth : best;
    return best;
  });
}

function step(
  reached: readonly Truth[],
  segments: readonly string[],
  test: NonNullable<SegmentTest>,
  frame: Frame,
): readonly Truth[] {
  const next = segments.map((segment, at): Truth => {
    const before = reached[at] ?? FALSE;
    if (before === FALSE) return FALSE;
    const truth = test(segment, frame);
    return truth === FALSE || truth > before ? truth : before;
  });
  return [FALSE, ...next];
}
