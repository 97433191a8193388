/** `delegate to AGENT`: a session of another agent below the one that acts, and back from it with `return`. */
import type { Decision } from "../../engine/index.ts";
import type { ResolvedDelegation } from "../program.ts";
import { guardSession } from "./guard-session.ts";
import { open } from "./open-session.ts";
import { agentOf, refusal, type Run, seatOf, type World } from "./test-world.ts";

const DEEPEST = 4;
const MOST_IN_TREE = 32;

/** Enters the session where it may be opened. */
export function playDelegation(world: World, run: Run, { agent: name }: ResolvedDelegation): Decision {
  const refused = guardSession(world, run) ?? refuseDelegation(world, run, name);
  if (refused !== null) return refused;
  const agent = agentOf(world, name);
  const { decision, seat } = open(world, agent, run.seats);
  if (seat === null) return decision;
  run.seats = [...run.seats, seat];
  run.size += 1;
  // Labels of a tree are one: what the agent below starts with, those above have too.
  run.tree.give(agent.starts_with);
  return decision;
}

export function playReturn(run: Run): void {
  run.seats = run.seats.slice(0, -1);
}

function refuseDelegation(world: World, run: Run, name: string): Decision | null {
  const { agent } = seatOf(run);
  const not = (why: string): Decision => refusal("not_delegated", why);
  if (!agentOf(world, agent).may_call.some((one) => one.agent === name))
    return not(`agent \`${agent}\` has no \`may call ${name} for …\``);
  if (run.seats.some((seat) => seat.agent === name)) return not(`agent \`${name}\` stands above in the same chain`);
  if (run.seats.length >= DEEPEST) return not(`a chain has at most ${DEEPEST} sessions`);
  return run.size >= MOST_IN_TREE ? not(`a tree has at most ${MOST_IN_TREE} sessions`) : null;
}
