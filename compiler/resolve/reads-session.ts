/** Whether a condition reads anything that only the session's object knows; it is also the one that reads live sets. */
import { type Condition, SESSION_FACTS } from "../../engine/index.ts";

const SESSION_TESTS: readonly unknown[] = ["session_has", "session_did", "task_mentions", "in_live_set"];
const READ_BY_SESSION: readonly unknown[] = SESSION_FACTS;

export function readsSession(condition: Condition): boolean {
  return reads(condition);
}

function reads(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return false;
  if ("op" in part && SESSION_TESTS.includes(part.op)) return true;
  if ("fact" in part && READ_BY_SESSION.includes(part.fact)) return true;
  return Object.values(part).some(reads);
}
