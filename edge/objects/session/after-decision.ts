/** What a decision by the rules leaves behind beside its record: what was admitted, and what breakers count. In a transaction. */
import type { Answer, AuthorizeInput, Happening } from "../../rpc.ts";
import { noteAdmitted } from "./admitted-store.ts";
import type { Member } from "./member.ts";
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
  if (decision === "allow") {
    if (input.canonical_args === null) throw new Error("an admitted request lacks its canonical arguments");
    const admission = { seq, decision: decision_id, session, agent, action, at: now };
    noteAdmitted(context.sql, context.key, admission, input.canonical_args);
  }
  const kind = kindOf(answer);
  if (kind === null) return;
  const told = input.said?.action ?? action;
  tellBreakers(context, row, input.breakers ?? [], { seq, kind, at: now, decision_id, action: told });
}

function kindOf({ decision, reason }: Answer): Happening["kind"] | null {
  if (decision === "allow") return "called";
  // The end of the session is nothing that breakers count.
  if (decision === "ask" || reason === "session_expired") return null;
  return reason === "canary" ? "canary" : "denied";
}
