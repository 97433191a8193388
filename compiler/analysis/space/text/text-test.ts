/** A test on a text, as the automata take it: whose text, in which case, and what stands around it. */
import { type Automaton, automatonOf } from "./automaton.ts";
import { hasLength, isFixed, type Pieces } from "./pieces.ts";

export interface TextTest {
  /** Matched where one of these matches. */
  readonly union: readonly Pieces[];
  /** Of an email: the whole, what stands before the `@`, or what stands after it. */
  readonly part: "whole" | "local" | "domain";
  /** The text is compared in lower case. */
  readonly lower: boolean;
  /** The text is compared with this in front and behind: a resource around one hole. */
  readonly before: string;
  readonly after: string;
}

export function textTest(union: readonly Pieces[], more: Partial<TextTest> = {}): TextTest {
  return { union, part: "whole", lower: false, before: "", after: "", ...more };
}

/** Does only one text pass? */
export function pinsText({ union, part, lower }: TextTest): boolean {
  return part === "whole" && !lower && union.length === 1 && union.every(isFixed);
}

/** The test prepared: one step for each character, and whether what was read so far passes. */
export interface Runner {
  readonly start: bigint;
  readonly step: (state: bigint, char: string, seenAt: boolean) => bigint;
  readonly passes: (state: bigint) => boolean;
  readonly chars: readonly string[];
  /** What passes has a length of its own. */
  readonly fixed: boolean;
}

export function runnerOf({ union, part, lower, before, after }: TextTest): Runner {
  const automaton: Automaton = automatonOf(union);
  const over = (state: bigint, text: string): bigint => Array.from(text).reduce(automaton.step, state);
  const takes = (char: string, seenAt: boolean): boolean =>
    part === "whole" || (part === "local" ? !seenAt && char !== "@" : seenAt);
  return {
    start: over(automaton.start, before),
    step: (state, char, seenAt) =>
      takes(char, seenAt) ? automaton.step(state, lower ? char.toLowerCase() : char) : state,
    passes: (state) => automaton.accepts(after === "" ? state : over(state, after)),
    chars: lower
      ? [...automaton.chars].flatMap((char) => [char, char.toUpperCase()].filter((one) => Array.from(one).length === 1))
      : [...automaton.chars],
    fixed: union.every(hasLength),
  };
}
