/** What an edge's answer holds. One that lacks a member is none to go by. */
import { UnexpectedAnswer } from "./errors.ts";

/** The answer, which has this member. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what the protocol promises
export function answerWith<T>(body: unknown, member: string): T {
  if (typeof body !== "object" || body === null || !(member in body))
    throw new UnexpectedAnswer(`the edge's answer has no \`${member}\``);
  return body as T;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the same
export function listIn<T>(body: unknown, member: string): readonly T[] {
  const found: unknown = typeof body === "object" && body !== null ? Reflect.get(body, member) : undefined;
  if (!Array.isArray(found)) throw new UnexpectedAnswer(`the edge's answer has no list \`${member}\``);
  return found as readonly T[];
}
