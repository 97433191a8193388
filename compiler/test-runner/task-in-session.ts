/**
 * The task that a session knows. Anybody's word would do to satisfy `task mentions`, so a task that nobody vouches for
 * isn't one (`docs/language.md`, "Conditions").
 */
import type { Agent } from "../../engine/index.ts";

interface Opener {
  /** Of the root session: sessions below it know its task. */
  readonly agent: Pick<Agent, "task_from_client">;
  readonly requester: string | null;
  /** As it was stated. */
  readonly task: string | null;
}

/** Null where none was stated, or neither a requester's session nor `task from client` carries it. */
export function taskInSession({ agent, requester, task }: Opener): string | null {
  return requester !== null || agent.task_from_client ? task : null;
}
