/** What is written down, one record a step. Everything but the arguments, which stand beside it bound by their MAC. */
import type { Requester } from "../../engine/index.ts";
import type { Answer } from "../rpc.ts";
import type { SwitchRef } from "../rpc.ts";

/** What happened; each kind carries what its readers need and nothing of the others. */
export type Event =
  | {
      readonly kind: "session.opened";
      readonly environment: string;
      readonly requester: string | null;
      /** The verified address, and those of the requester's claims that the policy's groups name. */
      readonly requester_email: string | null;
      readonly requester_claims: Requester["claims"];
      readonly task: string | null;
      readonly client: string | null;
      /** Which gateway opened it; absent: the agent itself. */
      readonly gateway?: string;
      readonly labels: readonly string[];
      readonly expires_at: string;
      /** The session below which it was opened; absent for a root. */
      readonly above?: string;
    }
  | { readonly kind: "session.refreshed" }
  /** A ticket for one session of another agent below this one. */
  | { readonly kind: "session.delegated"; readonly to: string; readonly expires_at: string }
  /** `with`: the session above whose end ended it. */
  | { readonly kind: "session.closed"; readonly with?: string }
  | { readonly kind: "session.expired"; readonly because: "idle" | "lifetime"; readonly with?: string }
  | {
      readonly kind: "session.frozen";
      readonly switches: readonly SwitchRef[];
      readonly because: "switch" | "flood" | "breaker";
    }
  | { readonly kind: "session.thawed" }
  /** Roles, actions and classes that are killed from now on, for this session; empty: none any more. */
  | { readonly kind: "session.restricted"; readonly switches: readonly SwitchRef[] }
  | DecisionEvent
  | OutcomeEvent
  | BreakerEvent
  | ElevationEvent
  | ApprovalEvent
  /** Whoever executes the action has used the permit up at the edge. */
  | { readonly kind: "permit.redeemed"; readonly permit: string }
  /** `also`: records that had the very same arguments, which are stored once. */
  | {
      readonly kind: "arguments.erased";
      readonly of: number;
      readonly also: readonly number[];
      readonly by: string;
      readonly reason: string;
    }
  /** The policy's `retain` is over: the arguments of every record up to this one are gone. */
  | { readonly kind: "arguments.expired"; readonly count: number };

export interface DecisionEvent {
  readonly kind: "decision";
  /** Which gateway asked for the agent; absent: the agent itself. */
  readonly gateway?: string;
  readonly decision_id: string;
  readonly request_id: string;
  readonly request_digest: string;
  readonly requester: string | null;
  readonly action: string;
  readonly resources: readonly string[];
  /** Of the arguments as they stand beside the record, secrets replaced. */
  readonly args_sha256: string;
  readonly decision: Answer["decision"];
  readonly tier: Answer["tier"];
  readonly reason: string;
  readonly message: string;
  readonly rules: readonly string[];
  /** Rules and limits on trial: what they would have done. */
  readonly trials: readonly { readonly id: string; readonly tier: string }[];
  readonly limits: Answer["limits"];
  /** Channels to tell. */
  readonly notify: readonly string[];
  /** Of the session, after this decision. */
  readonly labels: readonly string[];
  readonly unknown: readonly string[];
  readonly intent: string | null;
  readonly confidence: number | null;
  readonly approval: string | null;
  readonly permit: string | null;
  readonly trace: string | null;
  /** What else it rested on, so that it can be decided again; null where nothing was decided by rules. */
  readonly facts: DecisionFacts | null;
}

/** The rest of what the engine was told: the record itself, its arguments and those before it hold the other facts. */
export interface DecisionFacts extends RequestFacts {
  /** Approvals that counted as given, each with the SHA-256 of what it was given under (`approvalTerms`). */
  readonly approved: readonly { readonly name: string; readonly sha256: string }[];
  /** Roles gained, valid then. */
  readonly roles: readonly string[];
  /**
   * What live sets were said to hold; null: it couldn't be read. `sha256` is over the arguments beside the record, the
   * set and the text (`liveKey`): whoever lacks the arguments can't try out texts. Of a text that is withheld in them
   * it is an HMAC.
   */
  readonly live: readonly { readonly sha256: string; readonly has: boolean | null }[];
  /** What stood on each count before the decision, by the limit's counter and whose it is where not the agent's own. */
  readonly counts: readonly { readonly counter: string; readonly agent: string | null; readonly used: string }[];
}

/** What the Worker knows of a request beside its arguments. */
export interface RequestFacts {
  /** RFC 3339: the Worker's clock, by which schedules are decided. */
  readonly at: string;
  /** What the agent says that it acts on; null: nothing. */
  readonly stated: readonly string[] | null;
  /** The approval that the request named. */
  readonly named: string | null;
  /** Absent where the policy doesn't read it, null where the platform doesn't tell. */
  readonly ip?: string | null;
  readonly country?: string | null;
  /** Of the tool as its gateway sees it; absent where it says nothing. */
  readonly tool_sha256?: string;
  /** A number of the arguments stands in the record as another reader sees it, and not as it was written. */
  readonly inexact: boolean;
}

/** What became of an admitted action, as its session says. */
export interface OutcomeEvent {
  readonly kind: "outcome";
  readonly decision_id: string;
  readonly action: string;
  readonly status: "ok" | "error";
  /** Of what came back, as the session says. */
  readonly digest: string | null;
  readonly adds: readonly string[];
  /** Of the session, after this. */
  readonly labels: readonly string[];
}

/** A role that was asked for a while: `elevation.asked` comes before its approval's own records. */
export type ElevationEvent =
  | {
      readonly kind: "elevation.asked";
      readonly role: string;
      readonly approval: string;
      /** Milliseconds. */
      readonly duration: number;
      readonly intent: string;
      readonly args_sha256: string;
    }
  | {
      readonly kind: "elevation.refused";
      readonly role: string;
      readonly reason: string;
      readonly message: string;
      readonly args_sha256: string;
    }
  | { readonly kind: "elevation.gained"; readonly role: string; readonly approval: string; readonly until: string }
  | {
      readonly kind: "elevation.ended";
      readonly role: string;
      readonly approval: string;
      /** Its time is over, the policy offers it no more, or the session has ended. */
      readonly because: "time" | "policy" | "session";
    };

/** Tripped by what the session did, whoever counted it. */
export interface BreakerEvent {
  readonly kind: "breaker.tripped";
  readonly breaker: string;
  readonly per: string;
  /** In words: `5 denied within 1m per session`. */
  readonly what: string;
  /** The last of what was counted. */
  readonly decision_id: string;
  readonly kill: readonly { readonly scope: string; readonly name: string }[];
  /** Channels to tell. */
  readonly notify: readonly string[];
}

export type ApprovalEvent =
  | {
      readonly kind: "approval.asked";
      readonly approval: string;
      readonly needs: readonly string[];
      readonly request_digest: string;
      readonly expires_at: string;
    }
  | {
      readonly kind: "approval.voted";
      readonly approval: string;
      readonly by: string;
      readonly decision: "approve" | "deny";
      readonly reason: string | null;
      /** What became of the approval. */
      readonly status: string;
    }
  /** A vote lost its standing. */
  | { readonly kind: "approval.reopened"; readonly approval: string }
  | { readonly kind: "approval.used"; readonly approval: string; readonly decision_id: string }
  | { readonly kind: "approval.expired"; readonly approval: string }
  | { readonly kind: "approval.cancelled"; readonly approval: string; readonly reason: string };

/** Where and under which policy it happened, the same for every kind. */
export interface Circumstances {
  readonly session: string;
  readonly chain: readonly string[];
  readonly agent: string;
  /** Of the table, and its sequence number. */
  readonly policy: string;
  readonly sequence: number;
}

/** What happened to all: the Switchboard's own log. */
export type BoardEvent =
  | { readonly kind: "switch.flipped"; readonly switch: SwitchRef }
  /** With the ids of all that were lifted together. */
  | {
      readonly kind: "switch.lifted";
      readonly switches: readonly string[];
      readonly scope: SwitchRef["scope"];
      readonly name: string;
      readonly by: string;
      readonly reason: string;
    }
  | {
      readonly kind: "set.edited";
      readonly set: string;
      readonly version: number;
      readonly added: readonly string[];
      readonly removed: readonly string[];
      readonly by: string;
      readonly reason: string;
    }
  /** What a sink of exports hadn't taken was sent again. */
  | {
      readonly kind: "exports.requeued";
      readonly sink: string;
      /** Dead letters that it had. */
      readonly records: number;
      readonly by: string;
      readonly reason: string;
    }
  /** The policy's number is the record's own. */
  | { readonly kind: "policy.deployed"; readonly deployed: string };

/** No session and no agent; of the policy what the Switchboard has heard, if anything. */
export type BoardDraft = Omit<Circumstances, "agent" | "policy"> &
  BoardEvent & {
    readonly agent: null;
    readonly policy: string | null;
    readonly at: string;
    readonly args_mac: string | null;
  };

export type Draft = Circumstances &
  Event & {
    /** RFC 3339, UTC. */
    readonly at: string;
    /** HMAC-SHA-256 of the arguments' canonical JSON; null where there are none. */
    readonly args_mac: string | null;
  };

export type SealedRecord = Draft & { readonly seq: number; readonly prev: string | null; readonly hash: string };
