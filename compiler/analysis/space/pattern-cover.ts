/** What a pattern says about every resource that a template can give, before any request is known. */
import type { Pattern, PatternSegment, TemplateSegment } from "../../../engine/index.ts";

/** `all`: the pattern matches whatever fills the holes; `none`: it never does; `some`: it depends. */
export type Cover = "all" | "some" | "none";

/**
 * Compares segment by segment. A hole is one segment of unknown text; a `path` hole, which stands last, is one or
 * more. An optional hole may also end the resource there. Never says `all` or `none` where a request could differ.
 */
export function patternCover(
  template: readonly TemplateSegment[],
  pattern: Pattern,
  optional: (path: readonly string[]) => boolean,
): Cover {
  const shapes = cuts(template, optional).map((shape) => cover(shape, pattern));
  if (shapes.every((one) => one === "all")) return "all";
  return shapes.every((one) => one === "none") ? "none" : "some";
}

/** The template as it is, and cut before each hole that may be missing. */
function cuts(
  template: readonly TemplateSegment[],
  optional: (path: readonly string[]) => boolean,
): readonly (readonly TemplateSegment[])[] {
  const shorter = template.flatMap((segment, index) =>
    segment.kind === "hole" && optional(segment.path) ? [template.slice(0, index)] : [],
  );
  return [template, ...shorter];
}

function cover(template: readonly TemplateSegment[], pattern: Pattern): Cover {
  const [segment, ...rest] = template;
  const [wanted, ...others] = pattern;
  if (wanted === undefined) return segment === undefined ? "all" : "none";
  if (wanted.kind === "rest") return coverRest(template, pattern);
  if (segment === undefined) return "none";
  if (isManySegments(segment)) return coverMany(segment, pattern);
  return weaker(segmentCover(segment, wanted), cover(rest, others));
}

/** `**` takes none, one or more of what is left: any way that covers all is enough; none only if no way can. */
function coverRest(template: readonly TemplateSegment[], pattern: Pattern): Cover {
  if (pattern.length === 1) return "all";
  const ways = Array.from({ length: template.length + 1 }, (_, taken) =>
    cover(template.slice(taken), pattern.slice(1)),
  );
  if (template.some(isManySegments)) return "some";
  if (ways.includes("all")) return "all";
  return ways.includes("some") ? "some" : "none";
}

/** A `path` hole against what is left of the pattern: one or more segments of unknown text. */
function coverMany(segment: TemplateSegment, pattern: Pattern): Cover {
  const [first, ...others] = pattern;
  if (first === undefined) return "none";
  const open = others.every((one) => one.kind === "rest") && others.length > 0;
  return open && segmentCover(segment, first) === "all" ? "all" : "some";
}

function isManySegments(segment: TemplateSegment): boolean {
  return segment.kind === "hole" && segment.type.kind === "path";
}

function segmentCover(segment: TemplateSegment, wanted: PatternSegment): Cover {
  if (wanted.kind === "rest") return "some";
  if (wanted.kind === "glob" && /^\*+$/.test(wanted.glob)) return "all";
  if (segment.kind === "hole") return sameHole(segment, wanted) ? "all" : "some";
  if (wanted.kind === "text") return wanted.text === segment.text ? "all" : "none";
  if (wanted.kind === "glob") return globMatches(wanted.glob, segment.text) ? "all" : "none";
  return "some";
}

/** `{args.deal}` in a pattern against the template's own hole `{deal}`: the same value, unless one is a list. */
function sameHole(segment: TemplateSegment & { kind: "hole" }, wanted: PatternSegment): boolean {
  if (wanted.kind !== "hole" || wanted.operand.from !== "args" || segment.type.kind === "list") return false;
  return wanted.operand.path.join("\u0000") === segment.path.join("\u0000");
}

/** `*` any run, `?` one character; the classic two-pointer walk, linear but for backing up to the last star. */
function globMatches(glob: string, text: string): boolean {
  let [g, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (glob[g] === "*") [star, mark, g] = [g, t, g + 1];
    else if (g < glob.length && (glob[g] === "?" || glob[g] === text[t])) [g, t] = [g + 1, t + 1];
    else if (star >= 0) [mark, t, g] = [mark + 1, mark + 1, star + 1];
    else return false;
  }
  while (glob[g] === "*") g += 1;
  return g === glob.length;
}

function weaker(a: Cover, b: Cover): Cover {
  if (a === "none" || b === "none") return "none";
  return a === "all" && b === "all" ? "all" : "some";
}
