/** One call of a test: guarded, decided, answered by people, and then taken over by the session. */
import { decide, type Decision, match, type Remainder } from "../../engine/index.ts";
import type { ResolvedCall } from "../program.ts";
import { askPeople } from "./ask-people.ts";
import { guardSession, sceneOf } from "./guard-session.ts";
import type { Subject } from "./people.ts";
import { approvalsOf, askerOf, requestOf, type Run, seatOf, type World } from "./test-world.ts";

export function playCall(world: World, run: Run, call: ResolvedCall): Decision {
  const scene = sceneOf(world, run);
  const held = guardSession(world, run);
  // What a switch denies trips no further one: nothing new happened.
  if (held !== null) return held;
  const decision = decideCall(world, run, call);
  const at = world.now;
  if (decision.decision === "allow") world.watch.note({ kind: call.failed ? "failed" : "done", at }, scene);
  if (decision.decision === "deny")
    world.watch.note({ kind: decision.reason === "canary" ? "canary" : "denied", at }, scene);
  return decision;
}

function decideCall(world: World, run: Run, call: ResolvedCall): Decision {
  const rest = match(world.policy, requestOf(world, run.seats, call));
  const subject: Subject = { ...seatOf(run), action: call.action, args: call.args };
  const bare = decideWith(world, run, rest, (name) => run.people.covers(name, subject, world.now));
  if (bare.decision === "deny") return bare;
  if (bare.decision === "allow") return take(world, run, call, bare, () => useUp(world, run, bare, subject));
  return askPeople(world, run.people, {
    question: bare,
    answer: call.answer,
    subject,
    admit: () => {
      const given = decideWith(world, run, rest, () => true);
      return take(world, run, call, given, () => lend(world, run, given, subject));
    },
  });
}

function decideWith(world: World, run: Run, rest: Remainder, approved: (name: string) => boolean): Decision {
  return decide(rest, run.tree.state(askerOf(world, run), approved));
}

function take(world: World, run: Run, call: ResolvedCall, decision: Decision, used: () => void): Decision {
  run.tree.admit(decision, call, askerOf(world, run));
  if (decision.decision === "allow") used();
  return decision;
}

function useUp(world: World, run: Run, { approvals }: Decision, subject: Subject): void {
  for (const name of approvals) run.people.useUp(name, subject, world.now);
}

function lend(world: World, run: Run, { approvals }: Decision, subject: Subject): void {
  for (const approval of approvalsOf(world, approvals)) run.people.lend(approval, subject, world.now);
}
