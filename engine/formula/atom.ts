/**
 * The commonest tests as data of one shape. A rule is mostly a conjunction of them, and one loop over a list of atoms
 * takes about half the time of a chain of closures, each of which is a call that can't be foreseen.
 */
import type { JsonValue } from "../request.ts";
import { compareNumbers } from "../values/decimal.ts";
import type { Frame } from "./frame.ts";
import { FALSE, TRUE, type Truth, UNKNOWN } from "./truth.ts";

export type Test = (frame: Frame) => Truth;

/** What is compared with the argument at a position; `OTHER` is whatever isn't common enough to be data. */
const IS = 0;
const STARTS = 1;
const NUMBER = 2;
const AMONG = 3;
const MEMBER = 4;
const OTHER = 5;

export interface Atom {
  readonly kind: typeof IS | typeof STARTS | typeof NUMBER | typeof AMONG | typeof MEMBER | typeof OTHER;
  /** Position of the argument. */
  readonly at: number;
  readonly text: string;
  readonly number: number;
  /** Orders that satisfy the comparison, as bits. */
  readonly accepts: number;
  readonly few: readonly JsonValue[];
  readonly many: ReadonlySet<JsonValue>;
  readonly test: Test;
}

/** Orders as bits, so that one number says which of them an operator accepts. */
export const LESS = 1;
export const EQUAL = 2;
export const GREATER = 4;

/** A few values are scanned, which is faster than hashing. */
const FEW = 5;

const NOTHING: Atom = {
  kind: OTHER,
  at: -1,
  text: "",
  number: 0,
  accepts: 0,
  few: [],
  many: new Set(),
  test: () => FALSE,
};

export function isText(at: number, text: string): Atom {
  return { ...NOTHING, kind: IS, at, text };
}

export function startsWith(at: number, text: string): Atom {
  return { ...NOTHING, kind: STARTS, at, text };
}

/** A number, or the text of one, against a literal that a double holds exactly. */
export function comparesTo(at: number, number: number, accepts: number): Atom {
  return { ...NOTHING, kind: NUMBER, at, number, accepts };
}

/** Membership by identity: for texts, and what compares as texts do. */
export function isAmong(at: number, values: readonly JsonValue[]): Atom {
  return values.length > FEW
    ? { ...NOTHING, kind: MEMBER, at, many: new Set(values) }
    : { ...NOTHING, kind: AMONG, at, few: values };
}

export function otherAtom(test: Test): Atom {
  return { ...NOTHING, test };
}

/** All of them, by Kleene's `and`: the first that is false decides, else the greater of what they leave (`truth.ts`). */
export function testAtoms(atoms: readonly Atom[], frame: Frame): Truth {
  let result: Truth = TRUE;
  for (let index = 0; index < atoms.length; index++) {
    const atom = atoms[index] as Atom;
    const truth = atom.kind === OTHER ? atom.test(frame) : testValue(atom, frame.values[atom.at]);
    if (truth === FALSE) return FALSE;
    if (truth > result) result = truth;
  }
  return result;
}

/** An absent argument leaves every test of it unknown. */
function testValue(atom: Atom, value: JsonValue | undefined): Truth {
  if (value === undefined) return UNKNOWN;
  return holds(atom, value) ? TRUE : FALSE;
}

function holds(atom: Atom, value: JsonValue): boolean {
  switch (atom.kind) {
    case IS:
      return value === atom.text;
    case STARTS:
      return typeof value === "string" && value.startsWith(atom.text);
    case NUMBER:
      return (orderOf(value, atom.number) & atom.accepts) !== 0;
    case AMONG:
      return isOneOf(atom.few, value);
    case MEMBER:
      return atom.many.has(value);
    case OTHER:
      return false;
  }
}

function isOneOf(values: readonly JsonValue[], value: JsonValue): boolean {
  for (let at = 0; at < values.length; at++) if (values[at] === value) return true;
  return false;
}

function orderOf(value: JsonValue, number: number): number {
  if (typeof value === "number") return value < number ? LESS : value > number ? GREATER : EQUAL;
  const order = compareNumbers(value as string, number);
  return order < 0 ? LESS : order > 0 ? GREATER : EQUAL;
}
