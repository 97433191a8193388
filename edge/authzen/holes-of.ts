/**
 * The arguments that a resource's name holds, read backwards through the action's `on`. Nothing rests on it: the engine
 * computes the resource from the arguments again and compares. Pure.
 */
import type { Action, TemplateSegment } from "../../engine/index.ts";

/** Empty where the action has no single template without a condition, or the name doesn't fit it. */
export function holesOf({ resources }: Action, name: string): { readonly [argument: string]: string } {
  const template = resources?.length === 1 && resources[0]?.when === null ? resources[0].template : null;
  return template === null ? {} : (read(template, name.split("/")) ?? {});
}

function read(template: readonly TemplateSegment[], parts: readonly string[]): { [argument: string]: string } | null {
  const found: { [argument: string]: string } = {};
  for (const [at, segment] of template.entries()) {
    const isLast = at === template.length - 1;
    const part = isLast && spans(segment) ? parts.slice(at).join("/") : parts[at];
    if (part === undefined || (isLast && !spans(segment) && parts.length !== template.length)) return null;
    if (segment.kind === "text" && segment.text !== part) return null;
    const [argument, ...members] = segment.kind === "hole" ? segment.path : [];
    if (argument !== undefined && members.length === 0) found[argument] = part;
  }
  return found;
}

/** A `path` stands last and may hold several segments. */
function spans(segment: TemplateSegment): boolean {
  return segment.kind === "hole" && segment.type.kind === "path";
}
