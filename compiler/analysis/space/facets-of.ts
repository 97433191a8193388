/** The facets that the rows of one or two sides read, with their cases. */
import type { Action, Param, ParamType } from "../../../engine/index.ts";
import type { Case, Facet } from "./facet.ts";
import { historyFacet } from "./history-cases.ts";
import { shareValues } from "./number-values.ts";
import { holeSite } from "./read-resource.ts";
import { type LinkPlace, linkDoubts } from "./link-doubts.ts";
import { requesterFacet, requesterTexts } from "./requester-cases.ts";
import type { Side } from "./side.ts";
import { FREE } from "./text/shape.ts";
import { shapedValues } from "./text-values.ts";
import { type TimeBounds, timeFacet } from "./time-cases.ts";
import { linksOf, withLinks } from "./linked-uses.ts";
import type { Use } from "./use.ts";
import { ipValues } from "./url-values.ts";
import { type PathUse, plain, textOf, type Values } from "./value.ts";
import { valuesOfType } from "./values-of-type.ts";

/** Every facet that some row reads, and an argument facet for each parameter: requests need their arguments. */
export function facetsOfSides(sides: readonly Side[], bounds: TimeBounds): readonly Facet[] {
  const rows = sides.flatMap((side) => side.rows);
  const read = rows.flatMap((row) => row.reads.uses);
  const links = linksOf(read);
  const uses = withLinks(read, links, groupsOf(sides));
  const doubts = linkDoubts(links, { actions: sides.map(({ action }) => action), uses, valuesOf: valuesAt(sides) });
  const keys = new Set(rows.flatMap((row) => row.facets));
  const params = sides.flatMap((side) => side.action.params.map(({ name }) => `args.${name}`));
  return [...new Set([...params, ...keys])].map((key) => {
    const own = uses.filter(({ site }) => site.facet === key);
    const facet = facetOf(key, own, sides, bounds);
    return { ...facet, inexact: facet.inexact ?? doubts.get(key) ?? null };
  });
}

/** The values of a part of the request, as its facet makes them. */
function valuesAt(sides: readonly Side[]): LinkPlace["valuesOf"] {
  const fills = fillings(sides.map((side) => side.action));
  return ({ facet, path }, type, uses) =>
    facet === "requester"
      ? requesterTexts(uses)
      : valuesOfType(type, uses, (below) => fills.has(JSON.stringify([facet, ...path, ...below])));
}

function facetOf(key: string, uses: readonly Use[], sides: readonly Side[], bounds: TimeBounds): Facet {
  if (key.startsWith("args.")) return argumentFacet(key.slice(5), uses, sides);
  const [word] = key.split(" ");
  const name = key.slice(key.indexOf(" ") + 1);
  switch (word) {
    case "label":
      return { key, cases: [{}, { label: name }], inexact: null };
    case "role":
      return { key, cases: [{}, { role: name }], inexact: null };
    case "live":
      return { key, cases: [{ readable: name }, {}], inexact: null };
    case "task":
      return { key, cases: [{ task: true }, {}], inexact: null };
    case "history":
      return historyFacet(uses);
    case "requester":
      return requesterFacet(uses, groupsOf(sides));
    case "time":
      return timeFacet(uses, endsOf(sides), schedulesOf(sides, uses), bounds);
    default:
      return factFacet(key, uses.map(pathUse), sides);
  }
}

function pathUse({ site, what }: Use): PathUse {
  return { path: site.path, what };
}

function factFacet(key: string, uses: readonly PathUse[], sides: readonly Side[]): Facet {
  switch (key) {
    case "environment": {
      const names = new Set(sides.flatMap((side) => side.table.body.settings.environments));
      return { key, cases: [...names].map((environment) => ({ request: { environment } })), inexact: null };
    }
    case "request.ip":
      return optional(key, ipValues(uses), (ip) => ({ request: { ip } }));
    case "claimed.confidence":
      return optional(key, shareValues(uses), (text) => ({ request: { confidence: Number(text) } }));
    case "request.country":
      return optional(key, countries(uses), (country) => ({ request: { country } }));
    case "session.id": {
      const { values, inexact } = shapedValues(FREE, { min: 1, max: 200 }, uses);
      return { key, cases: values.map((one) => ({ request: { session: textOf(one) }, said: one.said })), inexact };
    }
    default:
      return { key, cases: [{}], inexact: `\`${key}\`` };
  }
}

/** Codes that are named, and one that isn't. */
function countries(uses: readonly PathUse[]): Values {
  const named = new Set(uses.flatMap(({ what }) => (what.kind === "texts" ? what.texts : [])));
  const other = ["SE", "CH", "NO", "JP", "BR", "ZZ"].find((code) => !named.has(code)) ?? "ZY";
  const simple = uses.every(({ what }) => what.kind === "texts" || what.kind === "points");
  return { values: [other, ...named].map(plain), inexact: simple ? null : "a test on the country" };
}

function optional(key: string, { values, inexact }: Values, caseOf: (text: string) => Case): Facet {
  return { key, cases: [...values.map((one) => caseOf(textOf(one))), {}], inexact };
}

function groupsOf(sides: readonly Side[]): Side["table"]["body"]["groups"] {
  return [
    ...new Map(sides.flatMap((side) => side.table.body.groups).map((group) => [JSON.stringify(group), group])).values(),
  ];
}

function endsOf(sides: readonly Side[]): readonly number[] {
  return sides.flatMap((side) => side.rows.flatMap(({ rule }) => rule?.until ?? []));
}

function schedulesOf(sides: readonly Side[], uses: readonly Use[]): Side["table"]["body"]["schedules"] {
  const names = new Set(uses.flatMap(({ what }) => (what.kind === "schedule" ? [what.schedule] : [])));
  return sides.flatMap((side) => side.table.body.schedules.filter(({ name }) => names.has(name)));
}

function argumentFacet(name: string, uses: readonly Use[], sides: readonly Side[]): Facet {
  const params = sides.map((side) => side.action.params.find((param) => param.name === name));
  const types = new Map(
    params.flatMap((param) => (param === undefined ? [] : [[JSON.stringify(param.type), param.type]])),
  );
  const fills = fillings(sides.map((side) => side.action));
  const key = `args.${name}`;
  const paths = uses.map(pathUse);
  const found = [...types.values()].map((type) =>
    valuesOfType(type, [...paths, ...bounding(types.size > 1 ? [...types.values()] : [])], (path) =>
      fills.has(JSON.stringify([key, ...path])),
    ),
  );
  const values = found.flatMap((one) => one.values);
  const missing = params.some(mayMiss) ? [plain(undefined)] : [];
  const changed = types.size > 1 && [...types.values()].some((type) => !SIMPLE.has(type.kind));
  return {
    key,
    cases: [...values, ...missing].map(({ value, said }) => ({ arg: { name, value }, said })),
    inexact: changed
      ? "a parameter whose type changed"
      : (found.find(({ inexact }) => inexact !== null)?.inexact ?? null),
  };
}

function mayMiss(param: Param | undefined): boolean {
  return param === undefined || param.optional;
}

const SIMPLE: ReadonlySet<string> = new Set(["int", "decimal", "bool", "enum"]);

/** Where two policies bound a number differently, the bounds are points like any other. */
function bounding(types: readonly ParamType[]): readonly PathUse[] {
  return types.flatMap((type): readonly PathUse[] => {
    if (type.kind !== "int" && type.kind !== "decimal") return [];
    const points = [type.min, type.max].flatMap((bound) =>
      bound === null ? [] : [BigInt(Math.round(Number(bound) * 1e6))],
    );
    return [{ path: [], what: { kind: "points", points } }];
  });
}

/** Where values fill segments of resources: facet and path, as JSON. */
function fillings(actions: readonly Action[]): ReadonlySet<string> {
  const holes = actions.flatMap((action) =>
    (action.resources ?? []).flatMap(({ template }) =>
      template.flatMap((segment) => (segment.kind === "hole" ? [segment] : [])),
    ),
  );
  return new Set(
    holes.map((hole) => {
      const { facet, path } = holeSite(hole);
      return JSON.stringify([facet, ...path]);
    }),
  );
}
