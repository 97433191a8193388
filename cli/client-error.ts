/** What an edge's refusal means for a command: an exit code, and what the person at the terminal can do. */
import type { AgentPolicyError } from "../sdk/index.ts";
import {
  BadRequest,
  Denied,
  EdgeUnreachable,
  TooManyRequests,
  Unauthenticated,
  UnexpectedAnswer,
} from "../sdk/index.ts";
import { Failure } from "./failure.ts";
import { inert } from "./inert.ts";

export function exitCodeOfClientError(error: AgentPolicyError): 1 | 3 {
  return error instanceof Denied || error instanceof BadRequest ? 1 : 3;
}

/** For calls about something that was named on the command line: says where names are found when the edge has no such. */
export async function orWhereToLook<T>(answer: Promise<T>, help: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof BadRequest && error.status === 404)) throw error;
    throw new Failure(exitCodeOfClientError(error), inert(error.message), help);
  }
}

export function helpForClientError(error: AgentPolicyError): string | null {
  if (error instanceof EdgeUnreachable || error instanceof UnexpectedAnswer) {
    return "start an edge with `agentpolicy dev`, or name one with `--edge` or AGENTPOLICY_EDGE";
  }
  if (error instanceof Unauthenticated) {
    return "give a token of a person who may do this with `--token` or AGENTPOLICY_TOKEN; tokens live an hour at most";
  }
  if (error instanceof BadRequest && error.status === 403 && error.message.endsWith("needs a reason")) {
    return 'say why with `--reason "…"`';
  }
  if (error instanceof BadRequest && error.status === 403) return "ask somebody in the policy's group for this";
  if (error instanceof TooManyRequests && error.retryAfter !== null) return `try again in ${error.retryAfter} s`;
  return null;
}
