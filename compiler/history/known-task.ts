/** The task of a session as the tried policy takes it. */
import type { Policy } from "../../engine/index.ts";
import { taskInSession } from "../test-runner/task-in-session.ts";
import type { Entry } from "./read-log.ts";
import type { Start } from "./session-history.ts";

/** Null where none was stated, nobody vouches for it, or it wasn't written down. */
export function knownTask({ agents }: Policy, start: Start, { chain }: Entry): string | null {
  const root = agents.get(chain[0] ?? "")?.agent;
  if (root === undefined) return null;
  return taskInSession({ agent: root, requester: start.requester?.id ?? null, task: start.task });
}

/** What the edge writes in the place of words in which it found something. An agent that writes the like gains nothing. */
export function isWithheld(text: string | null): boolean {
  return text !== null && /^withheld: \d+ characters, in which \w+ were found$/.test(text);
}
