/**
 * A formula, prepared once: `test` answers with a small integer and allocates nothing, `rest` gives the same answer as
 * data and is called only where `test` left it open.
 */
import type { Rest } from "../remainder.ts";
import { type Atom, type Test, otherAtom, testAtoms } from "./atom.ts";
import type { Frame } from "./frame.ts";
import { restOfAll, restOfAny, restOfNot, unknown } from "./rest.ts";
import { FALSE, PENDING, TRUE, type Truth, UNKNOWN } from "./truth.ts";

export interface Formula {
  /** Decided already, whatever the request; else null. */
  readonly fixed: boolean | null;
  /** How many atoms it is made of: rules with fewer are asked first. */
  readonly size: number;
  readonly test: Test;
  /** Set where `test` is a conjunction of these. */
  readonly atoms?: readonly Atom[];
  readonly rest: (frame: Frame) => Rest;
}

export const ALWAYS: Formula = { fixed: true, size: 0, test: () => TRUE, atoms: [], rest: () => true };
export const NEVER: Formula = { fixed: false, size: 0, test: () => FALSE, rest: () => false };

/** A formula that the request decides or leaves unknown; `facts` names what was missing then. */
export function known(test: (frame: Frame) => Truth, facts: (frame: Frame) => readonly string[]): Formula {
  return {
    fixed: null,
    size: 1,
    test,
    rest: (frame) => {
      const truth = test(frame);
      return truth === UNKNOWN ? unknown(facts(frame)) : truth === TRUE;
    },
  };
}

/** The same, of atoms that all have to hold. */
export function knownAtoms(atoms: readonly Atom[], facts: (frame: Frame) => readonly string[]): Formula {
  return { ...known((frame) => testAtoms(atoms, frame), facts), atoms };
}

/** The formula's test as atoms. */
export function atomsOf({ atoms, test }: Formula): readonly Atom[] {
  return atoms ?? [otherAtom(test)];
}

/** A formula of which the session reads at least a part: `rest` decides, unless it is a boolean at once. */
export function left(rest: (frame: Frame) => Rest): Formula {
  return { fixed: null, size: 1, test: (frame) => truthOf(rest(frame)), rest };
}

export function truthOf(rest: Rest): Truth {
  if (typeof rest === "boolean") return rest ? TRUE : FALSE;
  return rest.op === "unknown" ? UNKNOWN : PENDING;
}

export function allOf(parts: readonly Formula[]): Formula {
  if (parts.some((part) => part.fixed === false)) return NEVER;
  const open = parts.filter((part) => part.fixed === null);
  if (open.length < 2) return open[0] ?? ALWAYS;
  const atoms = open.flatMap(atomsOf);
  return {
    fixed: null,
    size: sizeOf(open),
    test: (frame) => testAtoms(atoms, frame),
    atoms,
    rest: (frame) => restOfAll(open.map((part) => part.rest(frame))),
  };
}

export function anyOf(parts: readonly Formula[]): Formula {
  if (parts.some((part) => part.fixed === true)) return ALWAYS;
  const open = parts.filter((part) => part.fixed === null);
  if (open.length < 2) return open[0] ?? NEVER;
  return {
    fixed: null,
    size: sizeOf(open),
    test: testAny(open.map((part) => part.test)),
    rest: (frame) => restOfAny(open.map((part) => part.rest(frame))),
  };
}

export function notOf(part: Formula): Formula {
  if (part.fixed !== null) return part.fixed ? NEVER : ALWAYS;
  return {
    fixed: null,
    size: part.size,
    test: (frame) => negated(part.test(frame)),
    rest: (frame) => restOfNot(part.rest(frame)),
  };
}

function sizeOf(parts: readonly Formula[]): number {
  return parts.reduce((sum, part) => sum + part.size, 0);
}

function negated(truth: Truth): Truth {
  return truth === TRUE ? FALSE : truth === FALSE ? TRUE : truth;
}

/** Pairs of tests, so that the usual two or three need no loop. */
function testAny(tests: readonly Test[]): Test {
  const [first, ...others] = tests;
  if (first === undefined) return NEVER.test;
  if (others.length === 0) return first;
  const second = testAny(others);
  return (frame) => {
    const left = first(frame);
    if (left === TRUE) return TRUE;
    const right = second(frame);
    return right === TRUE || right > left ? right : left;
  };
}
