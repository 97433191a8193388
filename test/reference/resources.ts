/** Resources from templates, and patterns over them (docs/language.md, "Actions" and "Rules"). */
import type { ActionDeclaration, TypeNode } from "../../dsl/ast.ts";
import { guardHolds } from "./conditions.ts";
import { readPath, type Situation } from "./facts.ts";
import { and, isUnknown, or, unknown, type Truth, type Unknown } from "./truth.ts";
import { glob, pathSegments, segmentAllowed, type Value } from "./values.ts";

export type Resources = readonly string[] | { readonly faults: readonly string[] };

/** Every resource that the arguments name. A template whose condition is false gives none; an unknown one
 * restricts, and has to be granted too. */
export function resourcesOf(action: ActionDeclaration, situation: Situation): Resources {
  if (action.resources === null || "kind" in action.resources) return [];
  const faults: string[] = [];
  const found: string[] = [];
  for (const item of action.resources) {
    if (guardHolds(item.guard, situation) === false) continue;
    const filled = fill(item.template.value.split("/"), action, situation);
    if ("faults" in filled) faults.push(...filled.faults);
    else found.push(...filled.paths);
  }
  return faults.length > 0 ? { faults } : [...new Set(found)];
}

type Filled = { readonly faults: readonly string[] } | { readonly paths: readonly string[] };

function fill(template: readonly string[], action: ActionDeclaration, situation: Situation): Filled {
  let paths: string[][] = [[]];
  const faults: string[] = [];
  for (const segment of template) {
    const hole = /^\{(.*)\}$/.exec(segment)?.[1];
    if (hole === undefined) {
      paths = paths.map((path) => [...path, segment]);
      continue;
    }
    const values = holeValues(hole, situation);
    if (values === null) break;
    const [name = ""] = hole.split(".");
    const spans = typeOf(action, name)?.kind === "NamedType" && isPath(action, name);
    const parts = values.map((value) => (spans ? pathSegments(value) : [value]));
    parts.forEach((part, index) => {
      if (!part.every(segmentAllowed))
        faults.push(values.length > 1 || isList(action, name) ? `/${name}/${index}` : `/${name}`);
    });
    paths = paths.flatMap((path) => parts.map((part) => [...path, ...part]));
  }
  return faults.length > 0 ? { faults } : { paths: paths.map((path) => path.join("/")) };
}

function typeOf(action: ActionDeclaration, name: string): TypeNode | undefined {
  return action.params?.find((param) => param.name.value === name)?.type;
}

function isPath(action: ActionDeclaration, name: string): boolean {
  const type = typeOf(action, name);
  return type?.kind === "NamedType" && type.name.value === "path";
}

function isList(action: ActionDeclaration, name: string): boolean {
  return typeOf(action, name)?.kind === "ListType";
}

/** Texts that fill the hole; null where the argument was left out. */
function holeValues(hole: string, situation: Situation): readonly string[] | null {
  const value = readHole(["args", ...hole.split(".")], situation);
  if (isUnknown(value)) return null;
  return (value.kind === "list" ? value.items : [value]).map(asSegment);
}

function asSegment(value: Value): string {
  if (value.kind === "number") return String(value.scaled / 1_000_000n);
  if ("text" in value) return value.text;
  throw new Error(`a ${value.kind} fills no hole`);
}

function readHole(words: readonly string[], situation: Situation): Value | Unknown {
  const span = { source: "", start: 0, end: 0 };
  const segments = words.map((value) => ({ kind: "Name" as const, span, value, segments: [value] }));
  return readPath({ kind: "Path", span, segments }, situation);
}

/** `**` stands for any number of segments, `*` and `?` work within one, a hole is the request's own value. */
export function matchesPattern(resource: string, pattern: string, situation: Situation): Truth {
  return matchSegments(resource.split("/"), pattern.split("/"), situation);
}

function matchSegments(segments: readonly string[], pattern: readonly string[], situation: Situation): Truth {
  const [head, ...rest] = pattern;
  if (head === undefined) return segments.length === 0;
  if (head === "**") {
    const tails = Array.from({ length: segments.length + 1 }, (_, from) => segments.slice(from));
    return or(tails.map((tail) => matchSegments(tail, rest, situation)));
  }
  const [first, ...others] = segments;
  if (first === undefined) return false;
  return and([matchSegment(first, head, situation), matchSegments(others, rest, situation)]);
}

function matchSegment(segment: string, pattern: string, situation: Situation): Truth {
  const hole = /^\{(.*)\}$/.exec(pattern)?.[1];
  if (hole === undefined) return glob(segment, pattern);
  const value = readHole(hole.split("."), situation);
  return isUnknown(value) ? unknown(...value.unknown) : asSegment(value) === segment;
}
