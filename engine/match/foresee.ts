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

/** A segment of a plain template: its own text, or the position of the argument that fills it. */
export type Place = { readonly text: string } | { readonly at: number };

/**
 * What each segment is: for an action with one unconditional template whose holes are required texts, each filling one
 * segment. Null for any other, whose resources have to be looked at.
 */
export function plainPlaces(action: Action): readonly Place[] | null {
  const [only, ...others] = action.resources ?? [];
  if (only === undefined || others.length > 0 || only.when !== null) return null;
  const places = only.template.map((segment): Place | null => {
    if (segment.kind === "text") return { text: segment.text };
    const param = paramOf(segment, action);
    const isPlain = param !== undefined && !param.optional && segment.path.length === 1 && TEXTS.has(param.type.kind);
    return isPlain ? { at: action.params.indexOf(param) } : null;
  });
  return places.every((place) => place !== null) ? places : null;
}

/** Types whose values are one text, which fills one segment. */
const TEXTS: ReadonlySet<string> = new Set(["string", "enum", "uuid", "email", "host"]);

function paramOf(segment: TemplateSegment, { params }: Action): Action["params"][number] | undefined {
  return segment.kind === "hole" ? params.find((param) => param.name === segment.path[0]) : undefined;
}
