/** Removes the arguments that stand beside one record. In a transaction; it is itself a record. */
import { personName } from "../../person-name.ts";
import type { PersonRef } from "../../rpc.ts";
import type { Member } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";

/** @returns false where there were none (any more) */
export function eraseArguments(
  context: SessionContext,
  row: Member,
  { seq, by, reason }: { readonly seq: number; readonly by: PersonRef; readonly reason: string },
): boolean {
  const erased = context.records.eraseArguments(seq);
  const also = erased.filter((other) => other !== seq);
  const event = { kind: "arguments.erased" as const, of: seq, also, by: personName(by), reason };
  if (erased.length > 0) note(context, row, event, context.clock.now());
  return erased.length > 0;
}
