/** How a session is opened below another: by a ticket that the one above asks for and the agent below redeems. */
import type { Reason, Requester } from "../../engine/index.ts";
import type { Caller, Link, Refusal } from "./caller.ts";
import type { OpenOutput, SessionStart } from "./session-rpc.ts";

/** That the policy lets the caller's agent call this one the Worker has checked. */
export interface DelegateInput extends Caller {
  /** Who is to work below. */
  readonly to: string;
  readonly lease: number;
}

export type DelegateOutput =
  | { readonly delegated: true; readonly ticket: string; readonly expires_at: number }
  /** A policy answer: the caller's session decides nothing now. */
  | { readonly delegated: false; readonly reason: Reason; readonly message: string }
  | Refusal;

export interface TicketInput {
  readonly sequence: number;
  readonly ticket: string;
  /** As its own credential says. */
  readonly agent: string;
}

export type TicketOutput =
  | {
      /** The id of the session that the ticket opens. */
      readonly session: string;
      /** From the root to the session above it. */
      readonly above: readonly Link[];
      readonly requester: Requester | null;
    }
  | Refusal;

export interface OpenBelowInput extends TicketInput, SessionStart {
  /** As `TicketOutput` said: what `opening` rests on. */
  readonly above: readonly Link[];
}

export type OpenBelowOutput = OpenOutput;
