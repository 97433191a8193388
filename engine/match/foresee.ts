/** What an action's templates already say about every resource of it, before any request. */
import type { Action, Pattern, TemplateSegment } from "../table.ts";
import { ALWAYS, type Formula, NEVER } from "../formula/formula.ts";

type ConditionalTemplate = NonNullable<Action["resources"]>[number];
type Template = ConditionalTemplate["template"];

/**
 * Every resource begins with a template's text before its first hole. Where the pattern leaves that text it can never
 * match; where the pattern is a part of it and then `**` it always does. Null where the request decides.
 */
export function foresee(pattern: Pattern, action: Action): Formula | null {
  const fates = (action.resources ?? []).map(({ template }) => fateOf(pattern, template));
  if (fates.every((fate) => fate === false)) return NEVER;
  const always = fates.every((fate) => fate === true);
  return always && action.resources?.some((resource) => alwaysGives(resource, action)) === true ? ALWAYS : null;
}

function fateOf(pattern: Pattern, template: Template): boolean | null {
  for (const [at, segment] of pattern.entries()) {
    if (segment.kind === "rest") return at === pattern.length - 1 ? true : null;
    const beside = template[at];
    if (segment.kind !== "text" || beside?.kind !== "text") return null;
    if (segment.text !== beside.text) return false;
  }
  return null;
}

/** Without a condition, and without a list that may be empty, a template gives at least one resource. */
function alwaysGives({ when, template }: ConditionalTemplate, action: Action): boolean {
  if (when !== null) return false;
  return template.every((segment) => {
    const type = paramOf(segment, action)?.type;
    return type?.kind !== "list" || type.min > 0;
  });
}

/** How many segments the pattern shares, from the first on, with the text of every template before its holes. */
export function sharedLead(pattern: Pattern, action: Action): number {
  let shared = 0;
  while (isSharedAt(pattern, action, shared)) shared++;
  return shared;
}

function isSharedAt(pattern: Pattern, { resources }: Action, at: number): boolean {
  const segment = pattern[at];
  if (segment?.kind !== "text" || resources === null || resources.length === 0) return false;
  return resources.every(({ template }) => {
    // Text after a hole isn't sure to be there: a missing optional value cuts the path.
    const lead = template.slice(0, at + 1);
    const beside = lead[at];
    return lead.every(({ kind }) => kind === "text") && beside?.kind === "text" && beside.text === segment.text;
  });
}

/** The number of segments of every resource; null where paths, or optional values, make it vary. */
export function fixedLength(action: Action): number | null {
  const lengths = new Set((action.resources ?? []).map(({ template }) => lengthOf(template, action)));
  const [length] = lengths;
  return lengths.size === 1 && length !== undefined ? length : null;
}

function lengthOf(template: Template, action: Action): number | null {
  const varies = template.some((segment) => {
    if (segment.kind === "text") return false;
    const param = paramOf(segment, action);
    const type = param?.type.kind === "list" ? param.type.of : param?.type;
    // Only a parameter itself is sure to be there: a field of a record may be left out.
    return param === undefined || param.optional || segment.path.length > 1 || type?.kind === "path";
  });
  return varies ? null : template.length;
}

function paramOf(segment: TemplateSegment, { params }: Action): Action["params"][number] | undefined {
  return segment.kind === "hole" ? params.find((param) => param.name === segment.path[0]) : undefined;
}
