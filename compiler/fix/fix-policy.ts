/**
 * Applies the safe fixes of a policy. Safe means: a policy that compiles keeps its table, hash and all, and one that
 * doesn't comes nearer to compiling. That is not believed but checked: what fails it is left alone.
 */
import type { Diagnostic, Fix, Source } from "../../dsl/index.ts";
import { compile, type CompileOptions } from "../compile.ts";
import type { Compilation } from "../program.ts";
import { applyEdits, touch } from "./apply-edits.ts";

export interface FixedPolicy {
  readonly sources: readonly Source[];
  /** What was mended, in the order of the rounds; places are those of the round's text. */
  readonly applied: readonly Diagnostic[];
  /** Of the mended policy. */
  readonly compilation: Compilation;
}

/** A fix may uncover a mistake that has one too; a policy needs few rounds, and no two fixes may chase each other. */
const MOST_ROUNDS = 20;

/** Applies fixes until none is left that is safe. Applied again to what comes out it does nothing. */
export function fixPolicy(sources: readonly Source[], options: CompileOptions = {}): FixedPolicy {
  let state: FixedPolicy = { sources, applied: [], compilation: compile(sources, options) };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = oneRound(state, options);
    if (next === null) return state;
    state = next;
  }
  return state;
}

interface Candidate {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
}

function oneRound(state: FixedPolicy, options: CompileOptions): FixedPolicy | null {
  const candidates = apart(state.compilation.diagnostics);
  if (candidates.length === 0) return null;
  return attempt(state, candidates, options) ?? oneByOne(state, candidates, options);
}

/** Together they aren't safe: the first that is safe alone. The others have their turn in the rounds to come. */
function oneByOne(state: FixedPolicy, candidates: readonly Candidate[], options: CompileOptions): FixedPolicy | null {
  if (candidates.length === 1) return null;
  for (const candidate of candidates) {
    const tried = attempt(state, [candidate], options);
    if (tried !== null) return tried;
  }
  return null;
}

function attempt(state: FixedPolicy, candidates: readonly Candidate[], options: CompileOptions): FixedPolicy | null {
  const sources = applyEdits(
    state.sources,
    candidates.flatMap(({ fix }) => [...fix.edits]),
  );
  const compilation = compile(sources, options);
  if (!isSafe(state.compilation, compilation, candidates)) return null;
  return { sources, compilation, applied: [...state.applied, ...candidates.map(({ diagnostic }) => diagnostic)] };
}

function isSafe(before: Compilation, after: Compilation, candidates: readonly Candidate[]): boolean {
  if (before.table !== null) {
    const fewer = before.diagnostics.length - after.diagnostics.length >= candidates.length;
    return after.table?.hash === before.table.hash && fewer;
  }
  return after.table !== null || isNearer(errorsByPhase(before), errorsByPhase(after));
}

/** Errors of syntax, of names and of all that comes later: mending one of an early phase may uncover later ones. */
function errorsByPhase({ diagnostics }: Compilation): readonly number[] {
  const errors = diagnostics.filter(({ level }) => level === "error");
  const count = (phase: RegExp): number => errors.filter(({ code }) => phase.test(code)).length;
  return [count(/^AP1/), count(/^AP2/), count(/^AP[^12]/)];
}

function isNearer(before: readonly number[], after: readonly number[]): boolean {
  const first = before.findIndex((count, phase) => count !== after[phase]);
  return first >= 0 && (after[first] ?? 0) < (before[first] ?? 0);
}

/**
 * Whether it says what the text says already. A guess at a name isn't applied although a policy with an unknown name
 * has no table to change: in a grant, an exception or a list of approvers the wrong name would loosen it.
 */
function isCertain(fix: Fix): boolean {
  return fix.changesTable !== true && fix.guess !== true;
}

/** Fixes that don't touch each other; of two that do, the first in the text. */
function apart(diagnostics: readonly Diagnostic[]): readonly Candidate[] {
  const chosen: Candidate[] = [];
  for (const diagnostic of diagnostics) {
    const { fix } = diagnostic;
    if (fix === null || !isCertain(fix) || chosen.some((other) => touch(other.fix, fix))) continue;
    chosen.push({ diagnostic, fix });
  }
  return chosen;
}
