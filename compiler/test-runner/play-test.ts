/**
 * Plays one test (`docs/language.md`, "Tests"): its steps in their order, in one tree of sessions. Only what is
 * admitted has an effect. A step that fails doesn't end the test, but for one that opens a session to act in.
 */
import { assertNever } from "../assert-never.ts";
import type { Decision } from "../../engine/index.ts";
import { type ResolvedExpectation, type ResolvedStep, entersSession } from "../resolved-test.ts";
import { openRoot } from "./open-session.ts";
import { playBecoming } from "./play-becoming.ts";
import { playCall } from "./play-call.ts";
import { playDelegation, playReturn } from "./play-delegation.ts";
import { type LackingRole, lackingRole } from "./role-lacking.ts";
import type { Run, World } from "./test-world.ts";
import { meets } from "./verdict.ts";

/** A step that came out otherwise than it says. */
export interface Surprise {
  readonly step: ResolvedStep;
  /** Null where a step without an expectation had to work. */
  readonly expectation: ResolvedExpectation | null;
  readonly decision: Decision;
  /** From 1: which of a `repeat`. */
  readonly number: number;
  readonly of: number;
  /** The agents of the chain, the root first. */
  readonly chain: readonly string[];
  /** Whether the test's own session couldn't be opened, so that this is what every call comes to. */
  readonly sessionless: boolean;
  /** A role of those the session can gain that would have granted the call, where nothing did. */
  readonly lacking: LackingRole | null;
  /** Steps behind it that couldn't be played. */
  readonly unplayed: number;
}

export interface Played {
  /** How many calls, openings and the like were decided. */
  readonly calls: number;
  readonly surprises: readonly Surprise[];
}

/** Hears every decision as it is made, before anything follows from it. */
export interface Listener {
  /** Before a call is decided: what it will be decided from. */
  before(world: World, run: Run, step: ResolvedStep): void;
  after(decision: Decision): void;
}

type Decided = Extract<ResolvedStep, { readonly kind: "call" | "become" | "delegate" | "open" }>;

export function playTest(world: World, listener: Listener): Played {
  const { steps } = world.test;
  const opening = openRoot(world);
  const surprises: Surprise[] = [];
  let calls = 0;
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] as ResolvedStep;
    if (!isDecided(step)) {
      playPlain(world, step);
      continue;
    }
    const outcome = playStep(world, opening, step, listener);
    calls += outcome.calls;
    if (outcome.surprise === null) continue;
    const skipped = lastSkipped(world, steps, at, outcome.surprise.decision);
    surprises.push({ ...outcome.surprise, unplayed: steps.slice(at + 1, skipped + 1).filter(isDecided).length });
    at = skipped;
  }
  return { calls, surprises };
}

function isDecided(step: ResolvedStep): step is Decided {
  return step.kind === "call" || step.kind === "become" || step.kind === "delegate" || step.kind === "open";
}

function playPlain(world: World, step: Exclude<ResolvedStep, Decided>): void {
  switch (step.kind) {
    case "given":
      world.run?.tree.give([step.label]);
      return;
    case "given set":
      world.live.set(step.set, new Set([...(world.live.get(step.set) ?? []), ...step.members]));
      return;
    case "after":
      world.now += step.duration;
      return;
    case "return":
      if (world.run !== null) playReturn(world.run);
      return;
    default:
      assertNever(step);
  }
}

/** Every one of a `repeat` must meet the expectation; after the first that doesn't, the rest isn't played. */
function playStep(
  world: World,
  opening: Decision,
  step: Decided,
  listener: Listener,
): { readonly calls: number; readonly surprise: Surprise | null } {
  const of = "repeat" in step ? step.repeat : 1;
  const chain = world.run?.seats.map(({ agent }) => agent) ?? [world.test.agent];
  const { expectation } = step;
  for (let number = 1; number <= of; number += 1) {
    if (number === 1 && world.run !== null) listener.before(world, world.run, step);
    const decision = decideStep(world, opening, step);
    listener.after(decision);
    const met = expectation === null ? decision.decision === "allow" : meets(decision, expectation);
    if (!met) {
      const lacking = decision.reason === "no_rule" ? lackingRole(world, step) : null;
      const sessionless = world.run === null;
      return {
        calls: number,
        surprise: { step, expectation, decision, number, of, chain, sessionless, lacking, unplayed: 0 },
      };
    }
  }
  return { calls: of, surprise: null };
}

/** Where no session could be opened, that is what every call comes to. */
function decideStep(world: World, opening: Decision, step: Decided): Decision {
  const { run } = world;
  if (step.kind === "open") return openRoot(world);
  if (run === null) return opening;
  switch (step.kind) {
    case "call":
      return playCall(world, run, step);
    case "become":
      return playBecoming(world, run, step);
    case "delegate":
      return playDelegation(world, run, step);
  }
}

/**
 * The last step that can't be played after a surprise: all of them without any session, those up to the `return` where
 * none was opened below. What was opened against expectation is left again.
 */
function lastSkipped(world: World, steps: readonly ResolvedStep[], at: number, { decision }: Decision): number {
  const step = steps[at];
  if (world.run === null) return steps.length - 1;
  if (step?.kind !== "delegate") return at;
  if (!entersSession(step)) {
    if (decision === "allow") playReturn(world.run);
    return at;
  }
  if (decision === "allow") return at;
  let depth = 1;
  for (let next = at + 1; next < steps.length; next++) {
    const inside = steps[next];
    if (inside?.kind === "delegate" && entersSession(inside)) depth += 1;
    if (inside?.kind === "return") depth -= 1;
    if (depth === 0) return next;
  }
  return steps.length - 1;
}
