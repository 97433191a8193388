/** How fast and how often a session may ask. In memory; how often is written down now and then, so that a restart keeps it. */
import { type Attempts, attempt, FLOOD, startAttempts } from "../../limits/attempts.ts";
import type { Link, Refusal } from "../../rpc.ts";
import { isOf } from "./guard.ts";
import { readMember } from "./member.ts";
import type { SessionContext } from "./session-context.ts";
import { noteAttempts } from "./session-row.ts";

/** Refused requests are written down by so many, so that a flood costs the object little. */
const FLOOD_NOTES = 100;

export interface AskingRate {
  /** All that were ever made in the tree, as far as they were counted or written down; 0 before the first. */
  total(): number;
  /**
   * One more, if it is of a session that is there. Null: it is taken.
   * @param noted whether it is to count after a restart, where no decision notes it
   */
  count(input: Link & { readonly chain?: readonly Link[] }, noted?: boolean): Refusal | null;
}

/** @param freeze called for each that no honest session would have made */
export function createAskingRate({ sql, clock }: SessionContext, freeze: (now: number) => void): AskingRate {
  let counted: Attempts | null = null;
  return {
    total: () => counted?.total ?? 0,
    count: (input, noted = false) => {
      const row = readMember(sql, input.session);
      if (row === null || !isOf(row, input)) return null;
      const now = clock.now();
      const { attempts, outcome } = attempt(counted ?? startAttempts(row.attempts), FLOOD, now);
      counted = attempts;
      if (outcome.kind === "taken" && noted) noteAttempts(sql, attempts.total);
      if (outcome.kind === "taken") return null;
      if (attempts.total % FLOOD_NOTES === 0) noteAttempts(sql, attempts.total);
      if (outcome.kind === "freeze") freeze(now);
      return { refused: "flood", retry_after: outcome.kind === "flood" ? outcome.retry_after : 3_600 };
    },
  };
}
