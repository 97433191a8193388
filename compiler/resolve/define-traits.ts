/** What can be told of a define without its arguments: whether it ends, and what its body reads. */
import type { DefineDeclaration, Expression } from "../../dsl/index.ts";
import type { Names } from "../collect/names.ts";

export interface DefineTraits {
  /** False where it, or what it calls, calls itself. */
  readonly ends: boolean;
  /** Put in place it would be longer than anyone can review. */
  readonly tooLarge: boolean;
  readonly quantifies: boolean;
  /** Reads a detector or `claimed`. */
  readonly readsWord: boolean;
}

/** Parts of a condition after all defines are put in place. */
export const MOST_PARTS = 2_000;

/** Defines that call one another in a longer row than this are too large as well. */
const MOST_CALLS = 200;

interface Measured extends DefineTraits {
  readonly parts: number;
}

const cache = new WeakMap<Names, Map<string, Measured | "open">>();
const TOO_LARGE: Measured = { ends: true, tooLarge: true, quantifies: false, readsWord: false, parts: 1 };
const ENDLESS: Measured = { ends: false, tooLarge: false, quantifies: false, readsWord: false, parts: 1 };

export function defineTraits(names: Names, define: DefineDeclaration): DefineTraits {
  return measure(names, define);
}

function measure(names: Names, define: DefineDeclaration, depth = 0): Measured {
  const known = cache.get(names) ?? new Map<string, Measured | "open">();
  cache.set(names, known);
  const name = define.name.value;
  const found = known.get(name);
  if (found === "open") return ENDLESS;
  if (found) return found;
  if (depth > MOST_CALLS) return TOO_LARGE;
  known.set(name, "open");
  const measured = measureBody(names, define.body, depth);
  known.set(name, measured);
  return measured;
}

function measureBody(names: Names, body: Expression, depth: number): Measured {
  let total: Measured = { ...ENDLESS, ends: true, parts: 0 };
  const add = (part: Measured): void => {
    const parts = total.parts + part.parts;
    total = {
      ends: total.ends && part.ends,
      tooLarge: total.tooLarge || part.tooLarge || parts > MOST_PARTS,
      quantifies: total.quantifies || part.quantifies,
      readsWord: total.readsWord || part.readsWord,
      parts: Math.min(parts, MOST_PARTS + 1),
    };
  };
  for (const node of expressionsIn(body)) {
    add({
      ends: true,
      tooLarge: false,
      quantifies: node.kind === "Quantifier",
      readsWord: node.kind === "Detects" || (node.kind === "Path" && node.segments[0]?.value === "claimed"),
      parts: 1,
    });
    const called = node.kind === "DefineCall" ? names.by.define.get(node.name.value) : undefined;
    if (called) add(measure(names, called, depth + 1));
  }
  return total;
}

/** The defines that a body calls, each once. */
export function callsIn(names: Names, body: Expression): readonly DefineDeclaration[] {
  const called = [...expressionsIn(body)].flatMap((node) =>
    node.kind === "DefineCall" ? (names.by.define.get(node.name.value) ?? []) : [],
  );
  return [...new Set(called)];
}

/** The expression and all below it. */
export function* expressionsIn(node: Expression): Generator<Expression> {
  yield node;
  for (const part of partsOf(node)) yield* expressionsIn(part);
}

function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "And":
    case "Or":
      return node.of;
    case "Not":
    case "Parens":
    case "IsPresent":
    case "TaskMentions":
      return [node.of];
    case "Compare":
    case "In":
    case "TextTest":
      return [node.left, node.right];
    case "Quantifier":
      return [node.list, node.body];
    case "Detects":
      return node.of ? [node.of] : [];
    case "DefineCall":
      return node.args;
    default:
      return [];
  }
}
