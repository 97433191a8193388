/** Whether people are asked for a role, and by which approval. Reads only, so that it can be asked again after an await. */
import type { Reason } from "../../../engine/index.ts";
import { isLive, stepApproval } from "../../approvals/approval.ts";
import { approvalsOf, type StoredApproval } from "../../approvals/approval-store.ts";
import { canonicalText } from "../../canonical-text.ts";
import { sha256Hex } from "../../digest.ts";
import type { ElevateInput, Offer } from "../../rpc.ts";
import { killedMessage } from "../../switches/switch-reach.ts";
import { UNLEASED } from "../lease.ts";
import { isRoomToAsk, SESSION_BACKLOG } from "./backlog.ts";
import { isSameOffer } from "./gain-role.ts";
import { cameLate, deathOf, LATE } from "./guard.ts";
import { isRoot, type Member } from "./member.ts";
import type { SessionContext } from "./session-context.ts";
import { readStops } from "./switch-store.ts";

export type ElevationVerdict =
  | { readonly kind: "denied"; readonly reason: Reason; readonly message: string }
  /** It is asked already. */
  | { readonly kind: "asked"; readonly approval: StoredApproval }
  /** @param instead one that is asked by a policy that wanted something else */
  | { readonly kind: "new"; readonly offer: Offer; readonly instead: StoredApproval | null };

export function judgeElevation(
  context: SessionContext,
  row: Member,
  input: ElevateInput,
  now: number,
  leased: boolean,
): ElevationVerdict {
  const dead = deathOf(context, row, now, null);
  if (dead !== null) return denied(dead.reason, dead.message);
  const killed = readStops(context.sql, row).filter(({ scope, name }) => scope === "role" && name === input.role);
  if (killed.length > 0) return denied("killed", killedMessage(killed, row.agent));
  if (!leased) return denied("overloaded", UNLEASED);
  if (cameLate(input, now)) return denied("overloaded", LATE);
  if (!isRoot(row)) return denied("not_delegated", "only a session that no other opened gains roles; ask from there");
  if (input.against !== null) return { kind: "denied", ...input.against };
  const { offer } = input;
  if (offer === null) return denied("no_rule", notOffered(row.agent, input.role));
  return askedAlready(context, row, { ...input, offer }, now) ?? roomFor(context, input, offer, null, now);
}

function notOffered(agent: string, role: string): string {
  return `\`${agent}\` has no \`may become ${role} via …\`; its owner adds that to the policy, or it is done without`;
}

/** What the approval is good for: this role in this very session. Who said no to it said no for the whole session. */
export function subjectOfRole({ agent, session }: Member, role: string): string {
  return sha256Hex(canonicalText(["become", agent, session, role]));
}

function askedAlready(
  context: SessionContext,
  row: Member,
  input: ElevateInput & { readonly offer: Offer },
  now: number,
): ElevationVerdict | null {
  const earlier = approvalsOf(context.sql, subjectOfRole(row, input.role));
  const refusal = earlier.find(({ state }) => state.status === "denied")?.state;
  if (refusal !== undefined)
    return denied(
      "approval_denied",
      `a person denied this role${refusal.reason === null ? "" : `: ${refusal.reason}`}`,
    );
  const open = earlier.find(({ state }) => isLive(stepApproval(state, { kind: "pass", at: now })));
  if (open === undefined) return null;
  const isSame = isSameOffer(open, { ...input.offer, via: input.offer.approval.name });
  return isSame ? { kind: "asked", approval: open } : roomFor(context, input, input.offer, open, now);
}

function roomFor(
  { sql, records }: SessionContext,
  { args }: ElevateInput,
  offer: Offer,
  instead: StoredApproval | null,
  now: number,
): ElevationVerdict {
  if (!records.hasRoomFor(args))
    return denied("overloaded", "this session has stored all the arguments that it may; open another one");
  const cancelled = new Set(instead === null ? [] : [instead.id]);
  return isRoomToAsk(sql, now, cancelled)
    ? { kind: "new", offer, instead }
    : denied("approval_backlog", SESSION_BACKLOG);
}

function denied(reason: Reason, message: string): ElevationVerdict {
  return { kind: "denied", reason, message };
}
