/** What a condition reads that isn't an argument of the request. */
import type { Condition } from "../../engine/index.ts";
import { factsRead } from "../facts-read.ts";

const TESTS: { readonly [op: string]: string } = {
  during: "the clock",
  detect: "a detector",
  session_has: "the session",
  session_did: "the session",
  task_mentions: "the task",
  in_live_set: "a live set",
};

/** The first such thing as a message names it; null where the arguments alone decide. */
export function readBeyondArguments(condition: Condition): string | null {
  const [fact] = factsRead(condition);
  return fact === undefined ? testIn(condition) : `\`${fact}\``;
}

function testIn(part: unknown): string | null {
  if (typeof part !== "object" || part === null) return null;
  const test = "op" in part && typeof part.op === "string" ? TESTS[part.op] : undefined;
  if (test !== undefined) return test;
  for (const inner of Object.values(part)) {
    const found = testIn(inner);
    if (found !== null) return found;
  }
  return null;
}
