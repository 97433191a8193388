/**
 * What a decision by the rules leaves behind beside its record: its answer, what was admitted, and what breakers count.
 * In a transaction.
 */
import type { Answer, AuthorizeInput, Happening } from "../../rpc.ts";
import { type ArgumentMacs, argumentMacs } from "./admitted-store.ts";
import { storeDecision } from "./decision-store.ts";
import type { Member } from "./member.ts";
import type { SessionContext } from "./session-context.ts";
import { keptAnswer } from "./stored-answer.ts";
import { tellBreakers } from "./tell-breakers.ts";

/** @param seq of the decision's record */
export function afterDecision(
  context: SessionContext,
  row: Member,
  input: AuthorizeInput,
  answer: Answer,
  seq: number,
  now: number,
): void {
  const { decision, decision_id } = answer;
  const { session, agent } = row;
  // What was admitted is an action of the policy, which stands as it is; others may be anything.
  const action = input.said?.action ?? input.remainder.action;
  const decided = { seq, decision: decision_id, session, agent, action, at: now };
  const fields = decision === "allow" ? JSON.stringify(admittedArguments(context, input)) : null;
  storeDecision(context.sql, { ...decided, ...keptAnswer(context, row, input, answer), fields });
  const kind = kindOf(answer);
  if (kind === null) return;
  tellBreakers(context, row, input.breakers ?? [], { seq, kind, at: now, decision_id, action });
}

function admittedArguments({ key }: SessionContext, { canonical_args }: AuthorizeInput): ArgumentMacs {
  if (canonical_args === null) throw new Error("an admitted request lacks its canonical arguments");
  return argumentMacs(key, canonical_args);
}

function kindOf({ decision, reason }: Answer): Happening["kind"] | null {
  if (decision === "allow") return "called";
  // The end of the session is nothing that breakers count.
  if (decision === "ask" || reason === "session_expired") return null;
  return reason === "canary" ? "canary" : "denied";
}
