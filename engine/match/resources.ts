/** Resources, computed from checked arguments (`docs/language.md`, "Actions"): canonical or refused. */
import type { Action, ParamType, TemplateSegment } from "../table.ts";
import type { JsonValue } from "../request.ts";
import { type Fault, NO_FAULTS } from "../arguments/fault.ts";
import { conditionFormula } from "../formula/condition.ts";
import { ALWAYS, type Formula } from "../formula/formula.ts";
import type { Frame } from "../formula/frame.ts";
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
  /** Set where arguments fill the holes as they are, a segment each. */
  readonly plain: PlainTemplate | null;
}

/** One segment: a text, or a hole where `hole` is set. */
interface Part {
  readonly fixed: string;
  readonly hole: Hole | null;
}

interface PlainTemplate {
  readonly holes: readonly PlainHole[];
  /** Fixed text after the last hole. */
  readonly after: string;
}

interface PlainHole {
  /** Position of the argument. */
  readonly at: number;
  readonly safe: boolean;
  /** Everything between the hole before this one and this one: fixed texts and separators. */
  readonly before: string;
}

interface Hole {
  readonly read: Read;
  /** The position of the argument that fills it; null for a part of an argument. */
  readonly at: number | null;
  /** A path may span segments. */
  readonly path: "relative" | "absolute" | null;
  /** Its type admits only texts that may fill a segment. */
  readonly safe: boolean;
  /** JSON pointer to the argument. */
  readonly pointer: string;
}

export function templatesOf(action: Action, scope: Scope): readonly Template[] {
  return (action.resources ?? []).map(({ template, when }) => {
    const parts = template.map((segment) => partOf(segment, scope));
    return { when: when === null ? ALWAYS : conditionFormula(when, scope), parts, plain: plainOf(parts) };
  });
}

function partOf(segment: TemplateSegment, scope: Scope): Part {
  if (segment.kind === "text") return { fixed: segment.text, hole: null };
  return { fixed: "", hole: holeOf(segment.path, scope) };
}

function plainOf(parts: readonly Part[]): PlainTemplate | null {
  const holes: PlainHole[] = [];
  let between = "";
  for (const [index, { fixed, hole }] of parts.entries()) {
    between += index === 0 ? fixed : `/${fixed}`;
    if (hole === null) continue;
    if (hole.at === null || hole.path !== null) return null;
    holes.push({ at: hole.at, safe: hole.safe, before: between });
    between = "";
  }
  return { holes, after: between };
}

function holeOf(path: readonly string[], scope: Scope): Hole {
  const { read, at, type } = readerOf({ from: "args", path }, scope);
  const element = type?.kind === "list" ? type.of : type;
  return {
    read,
    at,
    path: element?.kind !== "path" ? null : element.absolute ? "absolute" : "relative",
    safe: type !== null && isSafe(type),
    pointer: `/${path[0]?.replaceAll("~", "~0").replaceAll("/", "~1") ?? ""}`,
  };
}

function isSafe(type: ParamType): boolean {
  return type.kind === "uuid" || (type.kind === "enum" && type.values.every((value) => segmentProblem(value) === null));
}

/**
 * Puts the resources that the templates give into the frame, each once, and gives the faults of values that may not
 * fill a segment. A list gives one for each element; two lists in one template multiply.
 */
export function computeResources(templates: readonly Template[], frame: Frame): readonly Fault[] {
  const first = templates[0];
  if (first === undefined) return NO_FAULTS;
  const isPlain = templates.length === 1 && first.when.fixed === true && first.plain !== null;
  if (isPlain && expandPlain(first.plain, frame)) return NO_FAULTS;
  const faults: Fault[] = [];
  const found = new Set<string>();
  for (const { when, parts } of templates) {
    if (when.test(frame) === FALSE) continue;
    for (const segments of expand(parts, frame, faults)) found.add(segments.join("/"));
  }
  const resources = [...found];
  frame.resource = resources[0] ?? null;
  frame.several = resources.length > 1 ? resources : null;
  return faults;
}

/** False where a value isn't one plain text: absent, a number, a list, or what may not fill a segment. */
function expandPlain({ holes, after }: PlainTemplate, frame: Frame): boolean {
  let text = "";
  for (let index = 0; index < holes.length; index++) {
    const { at, safe, before } = holes[index] as PlainHole;
    const value = frame.values[at];
    if (typeof value !== "string" || !(safe || segmentProblem(value) === null)) return false;
    text += before + value;
  }
  frame.resource = after === "" ? text : text + after;
  return true;
}

/** Any template: lists multiply the paths, paths span segments, a missing value cuts, and every fault is reported. */
function expand(parts: readonly Part[], frame: Frame, faults: Fault[]): readonly Filling[] {
  let paths: readonly Filling[] = [[]];
  for (const { fixed, hole } of parts) {
    const value = hole === null ? fixed : hole.read(frame);
    if (value === undefined) break;
    const fillings = hole === null ? [[fixed]] : fillingsOf(hole, value);
    if (hole !== null) faults.push(...faultsOf(hole, value));
    if (fillings.length * paths.length > MOST_RESOURCES) {
      faults.push({ pointer: hole?.pointer ?? "", detail: `must not name more than ${MOST_RESOURCES} resources` });
      return [];
    }
    paths = paths.flatMap((path) => fillings.map((filling) => [...path, ...filling]));
  }
  return paths;
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
  if (path !== null) return [];
  return elementsOf(value).flatMap((element, at) => {
    const detail = segmentProblem(element);
    return detail === null ? [] : [{ pointer: isList(value) ? `${pointer}/${at}` : pointer, detail }];
  });
}

function elementsOf(value: JsonValue): readonly string[] {
  return (isList(value) ? value : [value]).map(String);
}

/** Do the resources that the request states differ from the computed ones, whatever their order? Each stands once. */
export function differ(stated: readonly string[], resources: readonly string[]): boolean {
  const computed = new Set(resources);
  return stated.length !== resources.length || stated.some((text) => !computed.has(text)) || repeats(stated);
}

function repeats(texts: readonly string[]): boolean {
  return new Set(texts).size < texts.length;
}
