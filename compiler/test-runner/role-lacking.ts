/** Whether a call would have been granted by a role that the session can gain: nobody else has to be asked for it. */
import { match } from "../../engine/index.ts";
import type { ResolvedStep } from "../program.ts";
import { agentOf, requestOf, seatOf, type World } from "./test-world.ts";

export interface LackingRole {
  readonly role: string;
  /** UTC milliseconds when its time was over; null where it wasn't gained. */
  readonly ended: number | null;
}

/** One whose time is over before one that was never gained; null where the agent may become none that has such a rule. */
export function lackingRole(world: World, step: ResolvedStep): LackingRole | null {
  const { run, now } = world;
  if (step.kind !== "call" || run === null || run.seats.length !== 1) return null;
  const { rows } = match(world.policy, requestOf(world, run.seats, step));
  const lacking = agentOf(world, seatOf(run).agent)
    .may_become.filter(({ role }) => rows.some((row) => row.role === role && row.may_grant))
    .map(({ role }) => ({ role, ended: run.tree.endOf(role, now) }));
  return lacking.find(({ ended }) => ended !== null) ?? lacking[0] ?? null;
}
