/**
 * Are the cases of linked values enough? Of values that can all be named they are, and of numbers on one scale; of two
 * texts where each combination of tests that both can pass has a text that both have, and two that differ.
 */
import type { Action, ParamType } from "../../../engine/index.ts";
import type { Link } from "./linked-uses.ts";
import { signatureIn } from "./text/signature.ts";
import { pinsText } from "./text/text-test.ts";
import { testsOf } from "./text-values.ts";
import type { Site, Use } from "./use.ts";
import { type PathUse, textOf, type Values } from "./value.ts";

export interface LinkPlace {
  readonly actions: readonly Action[];
  /** With those of linked values copied. */
  readonly uses: readonly Use[];
  readonly valuesOf: (site: Site, type: ParamType, uses: readonly PathUse[]) => Values;
}

const WHY = "a comparison of two values";
const MOST_CHOICES = 300;

/** Facets some case of which may be missing because of the link, with the reason. */
export function linkDoubts(links: readonly Link[], place: LinkPlace): ReadonlyMap<string, string> {
  const doubted = links.filter((link) => !isCovered(link, place));
  return new Map(doubted.flatMap((link) => link.map(({ facet }) => [facet, WHY] as const)));
}

function isCovered(link: Link, place: LinkPlace): boolean {
  // How many elements one list needs may then depend on the other.
  if (link.filter(({ path }) => path.includes("*")).length > 1) return false;
  // What is said of one is said of the other where they are the same text, whichever cases are taken.
  if (
    link.length > 1 &&
    place.uses.some(({ site, what }) => what.kind === "said" && link.some((one) => isIn(site, one)))
  ) {
    return false;
  }
  const types = link.map((site) => typeAt(site, place.actions));
  const known = types.filter((type) => type !== null);
  if (known.length < link.length) return false;
  if (known.every(isNamed)) return true;
  const [first] = known;
  if (first !== undefined && NUMBERS.has(first.kind)) {
    return link.length <= 3 && known.every((type) => JSON.stringify(type) === JSON.stringify(first));
  }
  return known.every((type) => type.kind === "enum" || TEXTS.has(type.kind)) && textsCovered(link, known, place);
}

const NUMBERS: ReadonlySet<ParamType["kind"]> = new Set(["int", "decimal", "timestamp", "duration"]);
const TEXTS: ReadonlySet<ParamType["kind"]> = new Set(["string", "email", "host", "uuid", "path"]);

function isNamed(type: ParamType): boolean {
  return type.kind === "bool" || type.kind === "enum";
}

/** Null where the values aren't made by themselves: parts of a text or URL, types that changed. */
function typeAt({ facet, path }: Site, actions: readonly Action[]): ParamType | null {
  if (facet === "requester" && path.length === 1 && path[0] === "id") return { kind: "email" };
  const found = actions.map(({ params }) => params.find(({ name }) => facet === `args.${name}`)?.type ?? null);
  const [first = null] = found;
  if (found.some((type) => JSON.stringify(type) !== JSON.stringify(first))) return null;
  return path.reduce<ParamType | null>((type, name) => (type === null ? null : partOf(type, name)), first);
}

function partOf(type: ParamType, name: string): ParamType | null {
  if (type.kind === "list") return name === "*" ? type.of : null;
  if (type.kind !== "record") return null;
  return type.fields.find((field) => field.name === name)?.type ?? null;
}

function textsCovered(link: Link, types: readonly ParamType[], place: LinkPlace): boolean {
  const [one, other] = link;
  if (one === undefined || link.length > 2) return false;
  const pools = (other === undefined ? [one, one] : [one, other]).map((site, at) =>
    poolOf(site, types[at] ?? types[0], place),
  );
  const [first, second] = pools;
  return (
    first !== null && second !== null && first !== undefined && second !== undefined && meetAndDiffer(first, second)
  );
}

interface Kind {
  readonly texts: Set<string>;
  /** No other text passes these tests. */
  readonly pinned: boolean;
}

function isIn(part: Site, whole: Site): boolean {
  return part.facet === whole.facet && whole.path.every((name, at) => part.path[at] === name);
}

type Pool = ReadonlyMap<string, Kind>;

/** Texts by the tests that they pass; null where what is read of them isn't all tests. */
function poolOf(site: Site, type: ParamType | undefined, { uses, valuesOf }: LinkPlace): Pool | null {
  if (type === undefined) return null;
  const own = uses
    .filter((use) => isIn(use.site, site))
    .map(({ site: { path }, what }) => ({ path: path.slice(site.path.length), what }));
  const speakers = new Set(own.flatMap(({ what }) => (what.kind === "said" ? [what.by] : [])));
  const parted = own.some(({ path, what }) => path[0] === "length" || (what.kind === "said" && path.length > 0));
  if (parted || speakers.size > 1) return null;
  const { values, inexact } = valuesOf(site, type, own);
  const texts = new Set(values.map(textOf));
  if (inexact !== null || texts.size > MOST_CHOICES) return null;
  const tests = testsOf(own);
  const signature = signatureIn(tests);
  const pool = new Map<string, Kind>();
  for (const text of texts) {
    const key = signature(text);
    const pinned = tests.some((test, at) => key[at] === "1" && pinsText(test));
    const kind = pool.get(key) ?? { texts: new Set(), pinned };
    kind.texts.add(text);
    pool.set(key, kind);
  }
  return pool;
}

/** Of each combination that both pools have: a text in both, and two that aren't the same. */
function meetAndDiffer(one: Pool, other: Pool): boolean {
  return [...one].every(([signature, { texts, pinned }]) => {
    const others = other.get(signature)?.texts;
    if (others === undefined) return true;
    return [...texts].some((text) => others.has(text)) && (pinned || texts.size > 1 || others.size > 1);
  });
}
