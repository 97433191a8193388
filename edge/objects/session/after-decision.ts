/** What a decision by the rules leaves behind beside its record: an outcome to wait for, and what breakers count. In a transaction. */
import type { Answer, AuthorizeInput, Happening } from "../../rpc.ts";
import type { Member } from "./member.ts";
import { expectOutcome } from "./outcome-store.ts";
import type { SessionContext } from "./session-context.ts";
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
  const { action } = input.remainder;
  const { decision, decision_id } = answer;
  const { session, agent } = row;
  if (decision === "allow") expectOutcome(context.sql, { seq, decision: decision_id, session, agent, action, at: now });
  const kind = kindOf(answer);
  if (kind === null) return;
  tellBreakers(context, row, input.breakers ?? [], { seq, kind, at: now, decision_id, action });
}

function kindOf({ decision, reason }: Answer): Happening["kind"] | null {
  if (decision === "allow") return "called";
  if (decision === "ask") return null;
  return reason === "canary" ? "canary" : "denied";
}
