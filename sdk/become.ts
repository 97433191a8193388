/** A role for a while: asked for, waited for, and then there for the whole session until its time is over. */
import { ApprovalExpired } from "./errors.ts";
import { readAsked, readRefusal } from "./read-answer.ts";
import type { Reply } from "./transport.ts";
import { endOf, type Follower, untilDecided } from "./wait-for-people.ts";
import type { ElevationRequest, SessionState, WireApprovalState, WireRole } from "./wire.ts";

export interface BecomeOptions {
  /** Milliseconds to wait for people; as long as the approval stands unless given. 0 doesn't wait. */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
  /** Told when people are asked, before the waiting. */
  readonly onAsk?: (approval: WireApprovalState) => void;
}

interface Asker extends Follower {
  ask(body: ElevationRequest, signal: AbortSignal | undefined): Promise<Reply>;
  state(): Promise<SessionState>;
}

/** Throws like a guarded function where people, or the policy, say no. */
export async function become(
  asker: Asker,
  body: ElevationRequest,
  { deadline, signal, onAsk }: BecomeOptions,
): Promise<WireRole> {
  const giveUpAt = deadline === undefined ? Number.POSITIVE_INFINITY : Date.now() + deadline;
  const reply = await asker.ask(body, signal);
  if (reply.status === 200) throw readRefusal(reply.body);
  const asked = readAsked(reply.body);
  onAsk?.(asked);
  const decided = await untilDecided(asker, asked.id, { giveUpAt, signal }, null);
  // An approval for a role is used by the vote that gives it.
  if (decided.status !== "used") throw endOf(decided, null);
  const gained = (await asker.state()).roles.find(({ role }) => role === body.role);
  if (gained === undefined)
    throw new ApprovalExpired("approval_expired", `role \`${body.role}\` was gained and is over`);
  return gained;
}
