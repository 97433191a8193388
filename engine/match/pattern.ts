/**
 * Patterns over resources, segment by segment. Texts are never joined and cut again, so a value can't smuggle in a
 * separator. What an action's templates already decide about a pattern is decided when the rule is prepared.
 */
import type { Action, Pattern, PatternSegment } from "../table.ts";
import { type Atom, type Test, isText, otherAtom, startsWith } from "../formula/atom.ts";
import { type Formula, NEVER, anyOf, knownAtoms } from "../formula/formula.ts";
import type { Frame } from "../formula/frame.ts";
import { missingOf, readerOf } from "../formula/operand.ts";
import type { Scope } from "../formula/scope.ts";
import { FALSE, TRUE, type Truth, UNKNOWN } from "../formula/truth.ts";
import type { JsonValue } from "../request.ts";
import { canonicalJson } from "../values/canonical-json.ts";
import { globTest, prefixOf } from "../values/glob.ts";
import { type Place, foresee, plainPlaces } from "./foresee.ts";

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
  const atoms =
    rest >= 0 && rest < pattern.length - 1
      ? [otherAtom(floatingTest(pattern, scope))]
      : fixedAtoms(pattern, action, scope);
  return knownAtoms(atoms, (frame) => missingOf(holes, frame));
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
function fixedAtoms(pattern: Pattern, action: Action, scope: Scope): readonly Atom[] {
  const open = pattern[pattern.length - 1]?.kind === "rest";
  const places = open ? pattern.slice(0, -1) : pattern;
  const plain = plainPlaces(action);
  if (plain === null) return [otherAtom(cutTest(places, open, scope))];
  if (open ? plain.length < places.length : plain.length !== places.length) return NO_MATCH;
  return places.flatMap((segment, at) => placeAtoms(segment, plain[at] as Place, scope));
}

const NO_MATCH: readonly Atom[] = [otherAtom(NEVER.test)];

/** A place with its own text, and a bare `*`, need no look. */
function placeAtoms(segment: PatternSegment, place: Place, scope: Scope): readonly Atom[] {
  if (segment.kind === "glob" && segment.glob === "*") return [];
  if (segment.kind === "text") {
    if ("at" in place) return [isText(place.at, segment.text)];
    return place.text === segment.text ? [] : NO_MATCH;
  }
  const prefix = segment.kind === "glob" ? prefixOf(segment.glob) : null;
  if (prefix !== null && "at" in place) return [startsWith(place.at, prefix)];
  const test = segmentTest(segment, scope);
  if (test === null) return [];
  if ("text" in place) return [otherAtom((frame) => test(place.text, frame))];
  return [otherAtom((frame) => test(frame.values[place.at] as string, frame))];
}

/** Any other resource, cut where it was joined: no segment holds a separator. */
function cutTest(places: Pattern, open: boolean, scope: Scope): Test {
  const tests = places.flatMap((segment) => segmentTest(segment, scope) ?? []);
  return (frame) => {
    const { resource } = frame;
    if (resource === null) return FALSE;
    let result: Truth = TRUE;
    // Behind the end nothing begins any more; the empty resource has no segments at all.
    let from = resource === "" ? 1 : 0;
    for (let at = 0; at < tests.length; at++) {
      if (from > resource.length) return FALSE;
      const slash = resource.indexOf("/", from);
      const end = slash < 0 ? resource.length : slash;
      const truth = (tests[at] as NonNullable<SegmentTest>)(resource.slice(from, end), frame);
      if (truth === FALSE) return FALSE;
      if (truth > result) result = truth;
      from = end + 1;
    }
    return open || from > resource.length ? result : FALSE;
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
