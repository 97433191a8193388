/** Resources, computed from checked arguments (`language.md`, section 5): canonical or refused. */
import type { Action, TemplateSegment } from "../table.ts";
import type { JsonValue } from "../request.ts";
import { type Fault, MOST_FAULTS, NO_FAULTS, fault } from "../arguments/fault.ts";
import { conditionFormula } from "../formula/condition.ts";
import { ALWAYS, type Formula } from "../formula/formula.ts";
import type { Frame, Resource } from "../formula/frame.ts";
import { type Read, readerOf } from "../formula/operand.ts";
import type { Scope } from "../formula/scope.ts";
import { FALSE } from "../formula/truth.ts";
import { isList } from "../values/canonical-json.ts";
import { segmentProblem } from "../values/segment.ts";

/** One request may name this many resources: two lists in one template multiply. */
const MOST_RESOURCES = 1000;

export interface Template {
  /** Unless false the template gives its resources: an unknown one restricts, and has to be granted too. */
  readonly when: Formula;
  readonly parts: readonly Part[];
}

type Part = { readonly text: string; readonly hole: null } | { readonly text: null; readonly hole: Hole };

interface Hole {
  readonly read: Read;
  /** A path may span segments. */
  readonly path: "relative" | "absolute" | null;
  /** JSON pointer to the argument. */
  readonly pointer: string;
}

export function templatesOf(action: Action, scope: Scope): readonly Template[] {
  return (action.resources ?? []).map(({ template, when }) => ({
    when: when === null ? ALWAYS : conditionFormula(when, scope),
    parts: template.map((segment) => partOf(segment, scope)),
  }));
}

function partOf(segment: TemplateSegment, scope: Scope): Part {
  if (segment.kind === "text") return { text: segment.text, hole: null };
  const { read, type } = readerOf({ from: "args", path: segment.path }, scope);
  const element = type?.kind === "list" ? type.of : type;
  const path = element?.kind !== "path" ? null : element.absolute ? "absolute" : "relative";
  return {
    text: null,
    hole: { read, path, pointer: `/${segment.path[0]?.replaceAll("~", "~0").replaceAll("/", "~1")}` },
  };
}

/** Adds what the templates give to `resources`, each once, and gives the faults of values that may not fill a segment. */
export function computeResources(
  templates: readonly Template[],
  frame: Frame,
  resources: Resource[],
): readonly Fault[] {
  for (const { when, parts } of templates) {
    if (when.fixed === null && when.test(frame) === FALSE) continue;
    const faults = expand(parts, frame, resources);
    if (faults.length > 0) return faults;
  }
  return resources.length > 8 ? withoutDuplicates(resources) : dropFew(resources);
}

/** One template: a single path where no hole holds a list, else one for each element. */
function expand(parts: readonly Part[], frame: Frame, resources: Resource[]): readonly Fault[] {
  let text = "";
  const segments: string[] = [];
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] as Part;
    let segment = part.text;
    if (part.hole !== null) {
      const value = part.hole.read(frame);
      if (value === undefined) break;
      if (isList(value) || part.hole.path !== null) return expandMany(parts, frame, resources);
      segment = typeof value === "string" ? value : String(value);
      const problem = segmentProblem(segment);
      if (problem !== null) return [{ pointer: part.hole.pointer, detail: problem }];
    }
    segments.push(segment as string);
    text = at === 0 ? (segment as string) : `${text}/${segment}`;
  }
  resources.push({ text, segments });
  return NO_FAULTS;
}

function expandMany(parts: readonly Part[], frame: Frame, resources: Resource[]): readonly Fault[] {
  let paths: readonly (readonly string[])[] = [[]];
  for (const { text, hole } of parts) {
    const value = hole === null ? text : hole.read(frame);
    if (value === undefined) break;
    const fillings = hole === null ? [[text]] : fillingsOf(hole, value);
    if (!isFilled(fillings)) return fillings;
    if (fillings.length * paths.length > MOST_RESOURCES) {
      return [{ pointer: hole?.pointer ?? "", detail: `must not name more than ${MOST_RESOURCES} resources` }];
    }
    paths = paths.flatMap((path) => fillings.map((filling) => [...path, ...filling]));
  }
  for (const segments of paths) resources.push({ text: segments.join("/"), segments });
  return NO_FAULTS;
}

type Filling = readonly string[];

/** The segments of each element, or the faults. Paths were checked with the argument. */
function fillingsOf(hole: Hole, value: JsonValue): readonly Filling[] | readonly Fault[] {
  const elements = (isList(value) ? value : [value]).map(String);
  if (hole.path === "relative") return elements.map((element) => element.split("/"));
  if (hole.path === "absolute") return elements.map((element) => element.slice(1).split("/"));
  const faults = elements.flatMap((element, at) => {
    const problem = segmentProblem(element);
    return problem === null
      ? []
      : fault(problem).map(({ detail }) => ({ pointer: pointerTo(hole, value, at), detail }));
  });
  return faults.length > 0 ? faults.slice(0, MOST_FAULTS) : elements.map((element) => [element]);
}

function pointerTo(hole: Hole, value: JsonValue, at: number): string {
  return isList(value) ? `${hole.pointer}/${at}` : hole.pointer;
}

function isFilled(fillings: readonly (Filling | string | null)[] | readonly Fault[]): fillings is readonly Filling[] {
  return fillings.every((filling) => Array.isArray(filling));
}

function dropFew(resources: Resource[]): readonly Fault[] {
  for (let at = 1; at < resources.length; ) {
    const text = resources[at]?.text;
    if (resources.findIndex((resource) => resource.text === text) < at) resources.splice(at, 1);
    else at++;
  }
  return NO_FAULTS;
}

function withoutDuplicates(resources: Resource[]): readonly Fault[] {
  const unique = new Map(resources.map((resource) => [resource.text, resource]));
  resources.splice(0, resources.length, ...unique.values());
  return NO_FAULTS;
}

/** Do the resources that the request states differ from the computed ones, whatever their order? */
export function differ(stated: readonly string[], resources: readonly string[]): boolean {
  const computed = new Set(resources);
  return stated.some((text) => !computed.has(text)) || new Set(stated).size !== computed.size;
}
