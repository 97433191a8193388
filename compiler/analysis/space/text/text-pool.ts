/**
 * For every combination of tests that a text can pass, one text that passes exactly these: a breadth-first walk over
 * the product of the tests' automata and the type's shape. Complete unless it says otherwise.
 */
import type { Shape } from "./shape.ts";
import { globPieces, isFixed } from "./pieces.ts";
import { pinsText, type Runner, runnerOf, textTest, type TextTest } from "./text-test.ts";

export interface TextWanted {
  readonly tests: readonly TextTest[];
  readonly shape: Shape;
  /** A glob that every text has to be like; null: none. */
  readonly like: string | null;
  /** Membership in lists too long for an automaton. */
  readonly lists: readonly ReadonlySet<string>[];
  /** Bounds of the length, and lengths at which something changes. */
  readonly min: number;
  readonly max: number;
  readonly lengths: readonly number[];
  /** How many texts of each combination are wanted: two where texts are compared with one another. */
  readonly distinct: number;
}

export interface TextPool {
  readonly texts: readonly string[];
  /** Some combination may be missing. */
  readonly inexact: boolean;
}

/** More states than these aren't walked. */
const MOST_STATES = 8000;
/** Steps of automata that making one pool may take: one for each 64 pieces of each test, for each character. */
const MOST_STEPS = 1_000_000;
/** Tests with more pieces than these together aren't made into automata at all. */
const MOST_PIECES = 20_000;

export function textPool(asked: TextWanted): TextPool {
  const wanted = withLike(asked);
  const pieces = wanted.tests.reduce((sum, { union }) => sum + union.reduce((more, { length }) => more + length, 0), 0);
  if (pieces > MOST_PIECES) return { texts: [...wanted.shape.usual], inexact: true };
  const machine = machineOf(wanted);
  const { found, complete } = walk(machine);
  let inexact = !complete;
  const texts = new Set<string>();
  for (const [signature, text] of found) {
    if (machine.effort.left < 0) inexact = true;
    if (machine.effort.left < 0) break;
    if (wanted.like !== null && !signature.endsWith("1")) continue;
    const plain = outsideLists(machine, signature, text);
    if (plain === null) inexact = true;
    for (const region of regionsOf(wanted)) {
      const fitted = plain === null ? null : fitLength(machine, signature, plain, region);
      if (fitted === undefined) inexact = true;
      if (typeof fitted !== "string") continue;
      texts.add(handier(machine, signature, fitted, region));
      if (wanted.distinct > 1 && !addAnother(machine, signature, fitted, region, texts)) inexact = true;
    }
  }
  for (const text of spelledOut(machine)) texts.add(text);
  for (const member of wanted.lists.flatMap((list) => [...list])) texts.add(member);
  return { texts: [...texts], inexact };
}

/** What every text has to be like is one more test, the last one. */
function withLike(wanted: TextWanted): TextWanted {
  return wanted.like === null ? wanted : { ...wanted, tests: [...wanted.tests, textTest([globPieces(wanted.like)])] };
}

interface Machine {
  readonly wanted: TextWanted;
  readonly runners: readonly Runner[];
  readonly alphabet: readonly string[];
  /** Admitted characters that no test names. */
  readonly fresh: readonly string[];
  /** Steps that one character costs, and how many are left. */
  readonly weight: number;
  readonly effort: { left: number };
}

interface Standing {
  readonly states: readonly bigint[];
  readonly shape: string;
  readonly seenAt: boolean;
}

function machineOf(wanted: TextWanted): Machine {
  const runners = wanted.tests.map(runnerOf);
  const named = new Set([...runners.flatMap((runner) => runner.chars), ...wanted.shape.marks]);
  const listed = new Set(wanted.lists.flatMap((list) => [...list].slice(0, 200).flatMap((text) => Array.from(text))));
  const free = wanted.shape.fresh.filter((char) => !named.has(char));
  const fresh = [...free.filter((char) => !listed.has(char)), ...free.filter((char) => listed.has(char))].slice(0, 3);
  const weight = wanted.tests.reduce((sum, { union }) => sum + 1 + Math.floor(union.flat().length / 64), 0);
  const effort = { left: MOST_STEPS };
  return { wanted, runners, alphabet: [...fresh.slice(0, 1), ...named], fresh, weight, effort };
}

function begin({ runners, wanted }: Machine): Standing {
  return { states: runners.map((runner) => runner.start), shape: wanted.shape.start, seenAt: false };
}

function advance({ runners, wanted, weight, effort }: Machine, from: Standing, char: string): Standing | null {
  effort.left -= weight;
  const shape = wanted.shape.step(from.shape, char);
  if (shape === null) return null;
  const states = runners.map((runner, at) => runner.step(from.states[at] ?? 0n, char, from.seenAt));
  return { states, shape, seenAt: from.seenAt || char === "@" };
}

function signatureAt({ runners, wanted }: Machine, { states, shape }: Standing): string | null {
  if (!wanted.shape.accepts(shape)) return null;
  return runners.map((runner, at) => (runner.passes(states[at] ?? 0n) ? "1" : "0")).join("");
}

/** Which tests the text passes; null where the type doesn't admit it. */
function signatureOf(machine: Machine, text: string): string | null {
  let standing: Standing | null = begin(machine);
  for (const char of text) {
    standing = advance(machine, standing, char);
    if (standing === null) return null;
  }
  return signatureAt(machine, standing);
}

/** The shortest text of each combination. */
function walk(machine: Machine): { found: Map<string, string>; complete: boolean } {
  const first = begin(machine);
  const queue: { readonly standing: Standing; readonly text: string }[] = [{ standing: first, text: "" }];
  const seen = new Set([keyOf(first)]);
  const found = new Map<string, string>();
  for (let at = 0; at < queue.length; at++) {
    if (seen.size > MOST_STATES || machine.effort.left < MOST_STEPS / 2) return { found, complete: false };
    const { standing, text } = queue[at] as (typeof queue)[number];
    const signature = signatureAt(machine, standing);
    if (signature !== null && !found.has(signature)) found.set(signature, text);
    for (const char of machine.alphabet) {
      const next = advance(machine, standing, char);
      if (next === null) continue;
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ standing: next, text: text + char });
    }
  }
  return { found, complete: true };
}

function keyOf({ states, shape, seenAt }: Standing): string {
  return `${states.map((state) => state.toString(36)).join(",")} ${shape} ${seenAt}`;
}

/** A text that people would write, where one passes the same tests. */
function handier(machine: Machine, signature: string, text: string, region: Region): string {
  for (const usual of machine.wanted.shape.usual) {
    const length = Array.from(usual).length;
    const fits = length >= region.from && length <= region.to;
    if (fits && signatureOf(machine, usual) === signature && !isListed(machine, usual)) return usual;
  }
  return text;
}

/**
 * Texts that a test spells out. Of several in one test the shortest is found by the walk, and no other length of the
 * same combination: so here is one for each combination and length.
 */
function spelledOut(machine: Machine): readonly string[] {
  const { wanted } = machine;
  if (wanted.lengths.length === 0 && wanted.min === 0) return [];
  const found = new Map<string, string>();
  for (const text of namedTexts(wanted)) {
    const length = Array.from(text).length;
    const signature = length < wanted.min || length > wanted.max ? null : signatureOf(machine, text);
    if (signature === null || (wanted.like !== null && !signature.endsWith("1"))) continue;
    const key = `${signature} ${regionsOf(wanted).findIndex(({ from, to }) => length >= from && length <= to)}`;
    if (!found.has(key)) found.set(key, text);
  }
  return [...found.values()];
}

function namedTexts({ tests }: TextWanted): readonly string[] {
  return tests.flatMap(({ union }) =>
    union.filter(isFixed).map((pieces) => pieces.map((piece) => (piece.kind === "char" ? piece.char : "")).join("")),
  );
}

interface Region {
  readonly from: number;
  readonly to: number;
}

/** Stretches of lengths within which no comparison of the length changes. */
function regionsOf({ min, max, lengths }: TextWanted): readonly Region[] {
  const starts = [...new Set([min, ...lengths.flatMap((length) => [length, length + 1])])]
    .filter((start) => start >= min && start <= max)
    .toSorted((a, b) => a - b);
  return starts.map((from, at) => ({ from, to: (starts[at + 1] ?? max + 1) - 1 }));
}

/** The text, made longer where the region wants it. Null: impossible. Undefined: nobody knows. */
function fitLength(machine: Machine, signature: string, text: string, region: Region): string | null | undefined {
  const length = Array.from(text).length;
  if (length > region.to) return null;
  if (length >= region.from) return text;
  const longer = pump(machine, signature, text, region.from - length);
  if (longer !== null) return longer;
  return isFixedBy(machine, signature) ? null : undefined;
}

/** Puts `count` characters somewhere into the text so that it passes the same tests. */
function pump(machine: Machine, signature: string, text: string, count: number): string | null {
  const chars = Array.from(text);
  for (let at = Math.min(chars.length, 60); at >= 0; at--) {
    for (const char of new Set([...machine.fresh, ...chars.slice(Math.max(0, at - 1), at + 1)])) {
      const longer = [...chars.slice(0, at), char.repeat(count), ...chars.slice(at)].join("");
      if (signatureOf(machine, longer) === signature && !isListed(machine, longer)) return longer;
    }
  }
  return null;
}

function isFixedBy({ runners }: Machine, signature: string): boolean {
  return runners.some((runner, at) => runner.fixed && signature[at] === "1");
}

function isListed({ wanted }: Machine, text: string): boolean {
  return wanted.lists.some((list) => list.has(text));
}

/** The same combination outside of the long lists; their members come by themselves. */
function outsideLists(machine: Machine, signature: string, text: string): string | null {
  if (!isListed(machine, text)) return text;
  for (let count = 1; count <= 3; count++) {
    const longer = pump(machine, signature, text, count);
    if (longer !== null) return longer;
  }
  return null;
}

/** A second text of the same combination and region; false where there may be one and it isn't found. */
function addAnother(machine: Machine, signature: string, text: string, region: Region, texts: Set<string>): boolean {
  const chars = Array.from(text);
  for (const char of machine.fresh) {
    for (let at = 0; at < Math.min(chars.length, 40); at++) {
      const other = [...chars.slice(0, at), char, ...chars.slice(at + 1)].join("");
      if (other === text || signatureOf(machine, other) !== signature || isListed(machine, other)) continue;
      texts.add(other);
      return true;
    }
  }
  const longer = chars.length < region.to ? pump(machine, signature, text, 1) : null;
  const another = longer ?? namedBeside(machine, signature, text, region);
  if (another !== null) texts.add(another);
  return another !== null || isPinned(machine, signature);
}

/** Another text that some test spells out. */
function namedBeside(machine: Machine, signature: string, text: string, { from, to }: Region): string | null {
  for (const named of namedTexts(machine.wanted)) {
    const length = Array.from(named).length;
    if (named === text || length < from || length > to || isListed(machine, named)) continue;
    if (signatureOf(machine, named) === signature) return named;
  }
  return null;
}

/** Only one text passes some test, so there is no other. */
function isPinned({ wanted }: Machine, signature: string): boolean {
  return wanted.tests.some((test, at) => signature[at] === "1" && pinsText(test));
}
