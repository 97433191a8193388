/**
 * Whom a question is about. A subject of type `agent` is that agent. One of type `user` is the person for whom
 * `context.agentpolicy.agent` works; without that it is somebody whom the policy declares as an agent. Any other type is
 * nobody here. Pure.
 */
import type { Evaluation } from "./entities.ts";

export interface Asked {
  readonly agent: string;
  /** The person that the requester's token must be of; null: whoever it is of. */
  readonly person: string | null;
}

export const AGENT_TYPES: readonly string[] = ["agent", "user"];

/** Null where the subject is nobody here. */
export function askedAgent({ subject, context }: Pick<Evaluation, "subject" | "context">): Asked | null {
  const named = context?.agentpolicy?.agent;
  if (!AGENT_TYPES.includes(subject.type)) return null;
  if (subject.type === "user" && named !== undefined) return { agent: named, person: subject.id };
  return named === undefined || named === subject.id ? { agent: subject.id, person: null } : null;
}
