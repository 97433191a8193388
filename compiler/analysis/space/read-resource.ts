/** Resources are made of arguments: a pattern or a test over one is a test over what fills the template's holes. */
import type { Action, Pattern, PatternSegment, TemplateSegment } from "../../../engine/index.ts";
import { patternCover } from "./pattern-cover.ts";
import { readCondition } from "./read-condition.ts";
import { ownText, type Reading, siteOf } from "./read-operand.ts";
import { exactly, globPieces, type Piece, type Pieces } from "./text/pieces.ts";
import { textTest } from "./text/text-test.ts";
import type { Reads, Site, What } from "./use.ts";

type Template = readonly TemplateSegment[];
type Hole = Extract<TemplateSegment, { kind: "hole" }>;

export function holeSite({ path, type }: Hole): Site {
  const below = path.slice(1);
  return { facet: `args.${path[0] ?? ""}`, path: type.kind === "list" ? [...below, "*"] : below };
}

export function templatesOf(action: Action): readonly Template[] {
  return (action.resources ?? []).map(({ template }) => template);
}

/** Everything that decides which resources a request has is read as a whole. */
function readResources(reading: Reading, reads: Reads): void {
  for (const { when, template } of reading.action.resources ?? []) {
    if (when !== null) readCondition(when, reading, reads);
    for (const segment of template) if (segment.kind === "hole") reads.whole.add(holeSite(segment).facet);
  }
}

/** Patterns of `on`: for each hole, the segments of the pattern that it can come to stand at. */
export function readPatterns(patterns: readonly Pattern[], reading: Reading, reads: Reads): void {
  if (patterns.length === 0) return;
  readResources(reading, reads);
  for (const template of templatesOf(reading.action)) {
    // What stands between the holes can rule a pattern out, whatever fills them.
    const possible = patterns.filter((pattern) => patternCover(template, pattern, () => true) !== "none");
    for (const [at, segment] of template.entries()) {
      if (segment.kind !== "hole") continue;
      for (const pattern of possible) readAgainstHole(pattern, at, segment, reading, reads);
    }
  }
}

function readAgainstHole(pattern: Pattern, at: number, hole: Hole, reading: Reading, reads: Reads): void {
  const site = holeSite(hole);
  const floats = pattern.findIndex((segment) => segment.kind === "rest");
  const places = pattern.flatMap((_, place) => (place === at || (floats >= 0 && floats <= place) ? [place] : []));
  const element = hole.type.kind === "list" ? hole.type.of : hole.type;
  if (element.kind === "path") {
    for (const place of new Set([...places, ...(floats >= 0 ? [floats] : [])])) {
      readPathHole(pattern.slice(place), site, element.absolute, reads);
    }
    if (pattern.some((segment) => segment.kind === "hole")) reads.uses.push({ site, what: { kind: "opaque" } });
    return;
  }
  for (const place of places) {
    const segment = pattern[place];
    if (segment !== undefined) readSegment(segment, site, reading, reads);
  }
}

function readSegment(segment: PatternSegment, site: Site, reading: Reading, reads: Reads): void {
  switch (segment.kind) {
    case "rest":
      return;
    case "text":
      reads.uses.push({ site, what: { kind: "texts", texts: [segment.text], lower: false } });
      return;
    case "glob":
      reads.uses.push({ site, what: { kind: "text", test: textTest([globPieces(segment.glob)]) } });
      return;
    case "hole": {
      const other = siteOf(segment.operand, reading);
      if (other === null) {
        const text = ownText(segment.operand, reading);
        if (text !== null) reads.uses.push({ site, what: { kind: "texts", texts: [text], lower: false } });
        return;
      }
      reads.uses.push({ site, what: { kind: "linked", other } });
      reads.uses.push({ site: other, what: { kind: "linked", other: site } });
      reads.whole.add(other.facet);
    }
  }
}

function readPathHole(rest: Pattern, site: Site, absolute: boolean, reads: Reads): void {
  const union = spellings(rest).map((pieces) => (absolute ? [...exactly("/"), ...pieces] : pieces));
  reads.uses.push({ site, what: { kind: "text", test: textTest(union) } });
}

const SLASH: Piece = { kind: "char", char: "/" };
const ANYTHING: Pieces = [
  { kind: "one", within: false },
  { kind: "run", within: false },
];

/** A pattern as patterns over the whole text: each `**` is nothing or something, so it doubles them. */
function spellings(pattern: Pattern): readonly Pieces[] {
  let open: readonly (readonly Pieces[])[] = [[]];
  for (const segment of pattern) {
    if (segment.kind === "rest") open = open.flatMap((parts) => [parts, [...parts, ANYTHING]]);
    else open = open.map((parts) => [...parts, segmentPieces(segment)]);
    if (open.length > 16) break;
  }
  return open.map((parts) => parts.flatMap((part, at) => (at === 0 ? [...part] : [SLASH, ...part])));
}

function segmentPieces(segment: Exclude<PatternSegment, { kind: "rest" }>): Pieces {
  if (segment.kind === "text") return exactly(segment.text);
  return globPieces(segment.kind === "glob" ? segment.glob : "*", true);
}

/** A condition over `resource`: exact where one hole stands between fixed texts. */
export function readResource(what: What, reading: Reading, reads: Reads): void {
  readResources(reading, reads);
  for (const template of templatesOf(reading.action)) {
    const holes = template.flatMap((segment, at) => (segment.kind === "hole" ? [{ segment, at }] : []));
    for (const { segment, at } of holes) {
      const site = holeSite(segment);
      const around = {
        before: fixedText(template.slice(0, at), "after"),
        after: fixedText(template.slice(at + 1), "before"),
      };
      const single = holes.length === 1 ? around : null;
      for (const one of aboutHole(what, single, isAbsolute(segment))) reads.uses.push({ site, what: one });
    }
  }
}

function isAbsolute({ type }: Hole): boolean {
  return type.kind === "path" && type.absolute;
}

function fixedText(segments: Template, slash: "before" | "after"): string {
  return segments
    .map((segment) => (segment.kind === "text" ? (slash === "after" ? `${segment.text}/` : `/${segment.text}`) : ""))
    .join("");
}

/** The test moved to the hole. An absolute path loses its slash, which the text in front then stands for. */
function aboutHole(
  what: What,
  around: { readonly before: string; readonly after: string } | null,
  absolute: boolean,
): readonly What[] {
  if (around === null) return what.kind === "points" ? [] : [{ kind: "opaque" }];
  const before = absolute ? around.before.replace(/\/$/, "") : around.before;
  if (what.kind === "text") return [{ kind: "text", test: { ...what.test, before, after: around.after } }];
  if (what.kind !== "texts") return what.kind === "points" ? [] : [{ kind: "opaque" }];
  const inner = what.texts.flatMap((text) =>
    text.startsWith(before) && text.endsWith(around.after) && text.length > before.length + around.after.length
      ? [text.slice(before.length, text.length - around.after.length)]
      : [],
  );
  return [{ kind: "texts", texts: inner, lower: what.lower }];
}
