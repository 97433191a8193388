/** Values of text types: one for each combination of tests that a text can pass. */
import type { ParamType } from "../../../engine/index.ts";
import { exactly } from "./text/pieces.ts";
import { shapeOf } from "./text/shape.ts";
import type { Shape } from "./text/shape.ts";
import { textPool } from "./text/text-pool.ts";
import { textTest, type TextTest } from "./text/text-test.ts";
import type { What } from "./use.ts";
import { below, isLinked, own, type PathUse, plain, type Said, type Value, type Values } from "./value.ts";

type Part = TextTest["part"];

/** Longer lists are looked up instead of being walked letter by letter. */
const LONG_LIST = 600;
const NO_MAX = 32_768;

interface Gathered {
  readonly tests: TextTest[];
  readonly lists: ReadonlySet<string>[];
  /** Texts that stand in what is read, for parts of an email. */
  readonly wholes: string[];
}

export interface TextBounds {
  readonly min: number;
  readonly max: number;
}

export function textValues(type: ParamType, uses: readonly PathUse[], fillsSegment: boolean): Values {
  const bounds = type.kind === "string" ? { min: type.min ?? 0, max: type.max ?? NO_MAX } : { min: 0, max: NO_MAX };
  const shape = shapeOf(type, fillsSegment);
  const like = type.kind === "string" ? type.like : null;
  return shapedValues(shape, bounds, uses, like);
}

export function shapedValues(
  shape: Shape,
  bounds: TextBounds,
  uses: readonly PathUse[],
  like: string | null = null,
): Values {
  const gathered = gather(uses);
  const lengths = below(uses, "length").flatMap(({ what }) => (what.kind === "points" ? what.points : []));
  const pool = textPool({
    ...gathered,
    ...bounds,
    shape,
    like,
    lengths: lengths.map((point) => Number(point / 1_000_000n)),
    distinct: isLinked(uses) ? 2 : 1,
  });
  const texts = [...pool.texts, ...detected(uses, pool.texts)];
  const values = texts.flatMap((text) => sayings(text, uses));
  return { values, inexact: pool.inexact ? "a test on a text" : opaqueIn(uses, gathered) };
}

/** The tests that uses put to a text, long lists among them. */
export function testsOf(uses: readonly PathUse[]): readonly TextTest[] {
  const { tests, lists } = gather(uses);
  return [...tests, ...lists.map((list) => textTest([...list].map(exactly)))];
}

function gather(uses: readonly PathUse[]): Gathered {
  const gathered: Gathered = { tests: [], lists: [], wholes: [] };
  take(own(uses), "whole", false, gathered);
  take(own(below(uses, "lower")), "whole", true, gathered);
  take(own(below(uses, "local")), "local", false, gathered);
  take(own(below(uses, "domain")), "domain", false, gathered);
  return gathered;
}

function take(uses: readonly What[], part: Part, lower: boolean, { tests, lists }: Gathered): void {
  for (const what of uses) {
    if (what.kind === "text") tests.push({ ...what.test, part, lower: what.test.lower || lower });
    if (what.kind !== "texts") continue;
    const size = what.texts.reduce((sum, text) => sum + text.length, 0);
    if (size > LONG_LIST && part === "whole") lists.push(new Set(what.texts));
    else tests.push(textTest(what.texts.map(exactly), { part, lower: what.lower || lower }));
  }
}

/** What is read in a way that the tests don't cover. */
function opaqueIn(uses: readonly PathUse[], { tests }: Gathered): string | null {
  if (uses.some(({ path, what }) => !isTold(path, what) || what.kind === "opaque"))
    return "links or a comparison of texts";
  const detectors = uses.flatMap(({ what }) => (what.kind === "detects" ? [what.detector] : []));
  return detectors.includes("canaries") || (detectors.length > 0 && tests.length > 0) ? "a detector" : null;
}

const MEMBERS_TOLD: ReadonlySet<string> = new Set(["length", "lower", "local", "domain"]);
const MEMBER_TESTS: ReadonlySet<What["kind"]> = new Set(["text", "texts"]);

/** Of a part of a text only tests are split into cases, and what somebody says of it once. */
function isTold(path: readonly string[], { kind, ...what }: What): boolean {
  const [name, ...deeper] = path;
  if (name === undefined) return true;
  if (!MEMBERS_TOLD.has(name) || deeper.length > 0) return false;
  if (name === "length") return kind === "points";
  const isPresence = kind === "points" && "points" in what && what.points.length === 0;
  return MEMBER_TESTS.has(kind) || kind === "said" || isPresence;
}

const SAMPLES = { secrets: "AKIAIOSFODNN7EXAMPLE", card_numbers: "4111 1111 1111 1111", canaries: "" };

/** Each text with something in it that sets a detector off, and with links. */
function detected(uses: readonly PathUse[], texts: readonly string[]): readonly string[] {
  const detectors = new Set(own(uses).flatMap((what) => (what.kind === "detects" ? [what.detector] : [])));
  const hosts = linkHosts(below(uses, "links"));
  const additions = [...[...detectors].map((name) => SAMPLES[name]), ...hosts.map((host) => `https://${host}/`)];
  const joined = hosts.length > 1 ? [hosts.map((host) => `https://${host}/`).join(" ")] : [];
  return texts
    .slice(0, 40)
    .flatMap((text) => [...additions, ...joined].map((one) => (text === "" ? one : `${text} ${one}`)));
}

function linkHosts(uses: readonly PathUse[]): readonly string[] {
  if (uses.length === 0) return [];
  const named = uses.flatMap(({ what }) => (what.kind === "texts" ? what.texts : [])).slice(0, 4);
  return [...new Set(["elsewhere.example", ...named])];
}

/** Whoever speaks about the text, or about a member of it, may say it or not. */
export function sayings(text: string, uses: readonly PathUse[]): readonly Value[] {
  let values: readonly Value[] = [plain(text)];
  for (const said of sayable(text, uses))
    values = values.flatMap((one) => [one, { ...one, said: [...one.said, said] }]);
  return values;
}

function sayable(text: string, uses: readonly PathUse[]): readonly Said[] {
  const found = uses.flatMap(({ path, what }): readonly Said[] => {
    if (what.kind !== "said" || path.length > 1) return [];
    const member = path[0] === undefined ? text : MEMBERS[path[0]]?.(text);
    return member === undefined ? [] : [{ by: what.by, text: member }];
  });
  return [...new Map(found.map((said) => [JSON.stringify(said), said])).values()];
}

const MEMBERS: { readonly [name: string]: (text: string) => string } = {
  domain: (text) => text.slice(text.lastIndexOf("@") + 1),
  local: (text) => text.slice(0, text.lastIndexOf("@")),
  lower: (text) => text.toLowerCase(),
  host: (text) => new URL(text).hostname,
  path: (text) => new URL(text).pathname,
  scheme: (text) => text.slice(0, text.indexOf(":")),
};
