/** Whether a session decides anything at all: breakers that tripped, and the end of its lifetime. */
import { durationText } from "../../engine/index.ts";
import type { Decision } from "../../engine/index.ts";
import type { Hold, Scene } from "./breaker-watch.ts";
import { refusal, type Run, seatOf, type World } from "./test-world.ts";

/** Null while it does. */
export function guardSession(world: World, run: Run): Decision | null {
  const hold = world.watch.hold(sceneOf(world, run));
  if (hold !== null) return heldBy(hold);
  const { lifetime } = world.ground.table.body.settings.session;
  if (world.now < run.tree.openedAt + lifetime) return null;
  return refusal("session_expired", `the session's lifetime of ${durationText(lifetime)} is over`);
}

export function sceneOf(world: World, run: Run): Scene {
  return { tree: run.tree.id, agent: seatOf(run).agent, requester: world.test.requester };
}

/** A denial with the name of the breaker that made it, so that a failure can show its line. */
export interface HeldDecision extends Decision {
  readonly breaker: string;
}

export function heldBy({ reason, breaker: { name }, scope, at }: Hold): HeldDecision {
  const when = new Date(at).toISOString();
  return { ...refusal(reason, `breaker \`${name}\` tripped at ${when} and killed the ${scope}`), breaker: name };
}
