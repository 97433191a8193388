/** Who calls, before anything else: the session, if it is the caller's and the policy isn't older than any it has seen. */
import type { Caller, Refusal } from "../../rpc.ts";
import { isOf } from "./guard.ts";
import { type Member, readMember, readRoot } from "./member.ts";
import { learnSequence } from "./session-row.ts";

/** @param input without a session the root is meant, and with an agent of null somebody whom the Worker let in */
export function enterSession(
  sql: SqlStorage,
  input: Omit<Caller, "agent"> & { readonly agent: string | null },
): Member | Refusal {
  const { agent, session, chain } = input;
  const root = readRoot(sql);
  if (root === null) return { refused: "not_found" };
  const row = session === undefined ? root : readMember(sql, session);
  if (input.sequence < root.sequence) return { refused: "policy_stale" };
  if (row === null || (agent !== null && !isOf(row, { agent, ...(chain === undefined ? {} : { chain }) })))
    return { refused: "forbidden", detail: "the token is not one of this session" };
  learnSequence(sql, input.sequence);
  return { ...row, sequence: input.sequence };
}
