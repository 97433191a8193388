/** Whether some resource of an action can match a pattern. Where it can't be told, it may. */
import type { Action, Pattern, PatternSegment, TemplateSegment } from "../../engine/index.ts";

/** True where the action has a template that some arguments make the pattern match. */
export function canMatch(pattern: Pattern, action: Action): boolean {
  const optional = (path: readonly string[]): boolean =>
    action.params.some((param) => param.name === path[0] && param.optional) || path.length > 1;
  return (action.resources ?? []).some(({ template }) => overlaps(pattern, template, optional));
}

type IsOptional = (path: readonly string[]) => boolean;

function overlaps(
  pattern: readonly PatternSegment[],
  template: readonly TemplateSegment[],
  optional: IsOptional,
): boolean {
  const [wanted, ...rest] = pattern;
  const [given, ...more] = template;
  if (!wanted) return !given || cutsHere(given, optional);
  if (wanted.kind === "rest") {
    return overlaps(rest, template, optional) || (given !== undefined && overlaps(pattern, more, optional));
  }
  if (!given) return false;
  if (cutsHere(given, optional) && overlaps(pattern, [], optional)) return true;
  if (given.kind === "hole" && given.type.kind === "path") return true;
  return segmentsOverlap(wanted, given) && overlaps(rest, more, optional);
}

function cutsHere(segment: TemplateSegment, optional: IsOptional): boolean {
  return segment.kind === "hole" && optional(segment.path);
}

function segmentsOverlap(wanted: PatternSegment, given: TemplateSegment): boolean {
  if (wanted.kind === "hole" || wanted.kind === "rest") return true;
  if (given.kind === "hole") return holeTakes(wanted, given);
  return wanted.kind === "text" ? wanted.text === given.text : globTakes(wanted.glob, given.text);
}

function holeTakes(
  wanted: { kind: "text"; text: string } | { kind: "glob"; glob: string },
  hole: TemplateSegment & { kind: "hole" },
): boolean {
  if (hole.type.kind !== "enum") return true;
  return hole.type.values.some((value) =>
    wanted.kind === "text" ? wanted.text === value : globTakes(wanted.glob, value),
  );
}

/** At most four stars, so the backtracking of the regular expression stays small. */
function globTakes(glob: string, text: string): boolean {
  const source = glob.replaceAll(/[\\^$.*+?()[\]{}|]/g, (sign) =>
    sign === "*" ? ".*" : sign === "?" ? "." : `\\${sign}`,
  );
  return new RegExp(`^${source}$`, "su").test(text);
}
