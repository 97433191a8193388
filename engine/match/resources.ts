/** Resources, computed from checked arguments (`language.md`, section 5): canonical or refused. */
import type { Action, TemplateSegment } from "../table.ts";
import type { JsonValue } from "../request.ts";
import { type Fault, NO_FAULTS, joinFaults } from "../arguments/fault.ts";
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
  let faults = NO_FAULTS;
  for (const { when, parts } of templates) {
    if (when.fixed === null && when.test(frame) === FALSE) continue;
    const found = expand(parts, frame, resources);
    if (found.length > 0) faults = joinFaults(faults, found);
  }
  if (resources.length > 1) dropRepeated(resources);
  return faults;
}

/** One template: a single path where no hole holds a list or a path. */
function expand(parts: readonly Part[], frame: Frame, resources: Resource[]): readonly Fault[] {
  let text = "";
  const segments: string[] = [];
  for (let at = 0; at < parts.length; at++) {
    const { text: fixed, hole } = parts[at] as Part;
    const value = hole === null ? fixed : hole.read(frame);
    if (value === undefined) break;
    if (hole !== null && (typeof value !== "string" || hole.path !== null || segmentProblem(value) !== null)) {
      return expandMany(parts, frame, resources);
    }
    segments.push(value as string);
    text = at === 0 ? (value as string) : `${text}/${value as string}`;
  }
  resources.push({ text, segments });
  return NO_FAULTS;
}

/** The careful way: lists multiply the paths, paths span segments, and every fault is reported. */
function expandMany(parts: readonly Part[], frame: Frame, resources: Resource[]): readonly Fault[] {
  let paths: readonly Filling[] = [[]];
  let faults = NO_FAULTS;
  for (const { text, hole } of parts) {
    const value = hole === null ? text : hole.read(frame);
    if (value === undefined) break;
    const fillings = hole === null ? [[text]] : fillingsOf(hole, value);
    if (hole !== null) faults = joinFaults(faults, faultsOf(hole, value));
    if (fillings.length * paths.length > MOST_RESOURCES) {
      return [{ pointer: hole?.pointer ?? "", detail: `must not name more than ${MOST_RESOURCES} resources` }];
    }
    paths = paths.flatMap((path) => fillings.map((filling) => [...path, ...filling]));
  }
  if (faults.length === 0) for (const segments of paths) resources.push({ text: segments.join("/"), segments });
  return faults;
}

type Filling = readonly string[];

/** The segments of each element. */
function fillingsOf({ path }: Hole, value: JsonValue): readonly Filling[] {
  const elements = elementsOf(value);
  if (path === null) return elements.map((element) => [element]);
  return elements.map((element) => (path === "absolute" ? element.slice(1) : element).split("/"));
}

/** Paths were checked with the argument; whatever else fills a segment is checked here. */
function faultsOf({ path, pointer }: Hole, value: JsonValue): readonly Fault[] {
  if (path !== null) return NO_FAULTS;
  return elementsOf(value).flatMap((element, at) => {
    const detail = segmentProblem(element);
    return detail === null ? [] : [{ pointer: isList(value) ? `${pointer}/${at}` : pointer, detail }];
  });
}

function elementsOf(value: JsonValue): readonly string[] {
  return (isList(value) ? value : [value]).map(String);
}

function dropRepeated(resources: Resource[]): void {
  const unique = new Map(resources.map((resource) => [resource.text, resource]));
  if (unique.size < resources.length) resources.splice(0, resources.length, ...unique.values());
}

/** Do the resources that the request states differ from the computed ones, whatever their order? Each stands once. */
export function differ(stated: readonly string[], resources: readonly string[]): boolean {
  const computed = new Set(resources);
  return stated.length !== resources.length || stated.some((text) => !computed.has(text)) || repeats(stated);
}

function repeats(texts: readonly string[]): boolean {
  return new Set(texts).size < texts.length;
}
