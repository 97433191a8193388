/**
 * What `match` leaves: the rows that the session still has to finish. Plain data, safe to send over RPC
 * (structured clone). A row whose formula came out false is not here, nor an `allow` behind one of its block that already
 * grants.
 */
import type { Approval, Tier } from "./table.ts";
import type { Reason } from "./decision.ts";

export interface Remainder {
  /** Hash of the table. */
  readonly policy: string;
  readonly agent: string;
  /** The verified person that it acts for; null where the session carries none. */
  readonly requester: string | null;
  readonly action: string;
  /** Canonical, in the order of the templates; empty for `on none`. */
  readonly resources: readonly string[];
  /** Set when the request is denied before any rule; then `rows`, `limits` and `yields` are empty. */
  readonly denied: Denial | null;
  readonly rows: readonly Row[];
  readonly limits: readonly LimitRow[];
  readonly yields: readonly LabelRow[];
  readonly clears: readonly string[];
  /** The agents above it, the root first: what each may have done below it. Their rows and limits stand with the others. */
  readonly callers: readonly CallerRest[];
  /** Definitions of the approvals that the rows and limits name. */
  readonly approvals: readonly Approval[];
}

export interface CallerRest {
  readonly agent: string;
  /** Does its `may call … for` the next agent down select the action? Unless true, `not_delegated`. */
  readonly granted: Rest;
}

export interface Denial {
  readonly reason: Reason;
  /** For people and agents: what is wrong and what to do. */
  readonly message: string;
  /** RFC 6901 pointers into `args`, for `invalid_argument`. */
  readonly faults: readonly Fault[];
  /** Facts without which it can't be decided, for `unknown_fact`. */
  readonly unknown: readonly string[];
}

export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** A formula folded as far as `match` can: decided, or what the session must still read. */
export type Rest = true | false | Unknown | Pending;

/** Which facts kept the formula from being decided; never empty. */
export interface Unknown {
  readonly op: "unknown";
  readonly facts: readonly string[];
}

export type Pending =
  | { readonly op: "and" | "or"; readonly of: readonly Rest[] }
  | { readonly op: "not"; readonly of: Rest }
  | { readonly op: "session_has"; readonly label: string }
  | {
      readonly op: "session_did";
      readonly action: string;
      /** Canonical JSON of an object with the canonical values of the named arguments (`sameHolds` compares). */
      readonly same: string | null;
      readonly within: number | null;
    }
  /** Text against a live set; unknown where the edge can't read the set. */
  | { readonly op: "live_has"; readonly set: string; readonly value: string }
  /** Each token must stand in the task as a whole. */
  | { readonly op: "task_mentions"; readonly tokens: readonly string[] }
  /** `session.age` and `session.calls` against a number. */
  | {
      readonly op: "session_compare";
      readonly fact: "session.age" | "session.calls";
      readonly by: "==" | "!=" | "<" | "<=" | ">" | ">=";
      readonly value: number;
    };

export interface RuleRef {
  readonly id: string;
  readonly tier: Tier;
  readonly trial: boolean;
  readonly block: string;
  readonly to: readonly string[];
  readonly via: readonly string[];
  readonly text: string;
  readonly doc: string | null;
}

export interface Row {
  readonly rule: RuleRef;
  /** False for rules of `every agent`, which only restrict. */
  readonly may_grant: boolean;
  /** Set when the row counts only while the session has gained this role. */
  readonly role: string | null;
  /** The formula over all resources (grants) and over any (restricts). The same object where there is at most one. */
  readonly grants: Rest;
  readonly restricts: Rest;
}

export interface LimitRow {
  readonly id: string;
  readonly counter: string;
  readonly trial: boolean;
  readonly per: "session" | "agent" | "requester" | "fleet";
  /** Whose count it is, where it isn't the acting agent's: a caller pays its own limits. */
  readonly agent: string | null;
  /** Set when the limit counts only while the session has gained this role. */
  readonly role: string | null;
  /** Values of the keys, as canonical JSON: `[]`, `["EUR"]`. */
  readonly key: string;
  /** Scaled by 10^6, so that counts and sums are one kind. */
  readonly amount: bigint;
  readonly n: bigint;
  readonly window: number | null;
  readonly via: string | null;
  readonly text: string;
  /** Counts unless false. */
  readonly holds: Rest;
}

export interface LabelRow {
  readonly label: string;
  /** Taken unless false. */
  readonly holds: Rest;
}
