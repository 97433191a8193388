/** Following a question to people until they decided, by long polls; the caller's own deadline ends the waiting only. */
import { ApprovalDenied, ApprovalExpired, ApprovalNotUsable, ApprovalPending } from "./errors.ts";
import { pause } from "./retry.ts";
import type { AuthorizeResponse, WireApprovalState } from "./wire.ts";

export interface Follower {
  approval(id: string, options: { readonly wait: number; readonly signal?: AbortSignal }): Promise<WireApprovalState>;
}

export interface Patience {
  /** Milliseconds since 1970, or infinity. */
  readonly giveUpAt: number;
  readonly signal?: AbortSignal | undefined;
}

/** Seconds of one long poll. */
const POLL = 30;

/** Milliseconds between two looks at the least. */
const MIN_ROUND = 500;

/**
 * The state once it isn't pending any more.
 * @param answer that asked, for the error; null where no action was asked for
 * @throws ApprovalPending
 */
export async function untilDecided(
  follower: Follower,
  id: string,
  { giveUpAt, signal }: Patience,
  answer: AuthorizeResponse | null,
): Promise<WireApprovalState> {
  for (;;) {
    const left = giveUpAt - Date.now();
    const wait = Math.max(0, Math.min(POLL, Math.ceil(left / 1000)));
    const sent = Date.now();
    const state = await follower.approval(id, { wait, ...(signal ? { signal } : {}) });
    if (state.status !== "pending") return state;
    if (giveUpAt - Date.now() <= 0) throw new ApprovalPending(state, answer);
    // An edge that answers at once although it was asked to wait must not be asked in a tight loop.
    await pause(Math.min(Math.max(0, MIN_ROUND - (Date.now() - sent)), giveUpAt - Date.now()), signal);
  }
}

/** The error for an approval that came to another end than a yes. */
export function endOf(state: WireApprovalState, answer: AuthorizeResponse | null): Error {
  const because = state.reason ? `: ${state.reason}` : "";
  switch (state.status) {
    case "denied":
      return new ApprovalDenied("approval_denied", `a person refused${because}`, answer, state.reason);
    case "cancelled":
      return new ApprovalDenied("approval_cancelled", `the question was called off${because}`, answer, state.reason);
    case "expired":
      return new ApprovalExpired("approval_expired", "nobody decided in time, or it wasn't used in time", answer);
    default:
      return new ApprovalNotUsable("approval_used", "the approval was used by another call", answer);
  }
}
