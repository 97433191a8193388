/** What every call has in common: refusals, who asks, credentials and people. */

/** Refusals that are not policy answers; the Worker turns each into a problem. */
export type Refusal =
  | { readonly refused: "policy_stale" }
  | { readonly refused: "not_found" }
  | { readonly refused: "request_id_reused" }
  | { readonly refused: "flood"; readonly retry_after: number }
  | { readonly refused: "conflict"; readonly detail: string }
  | { readonly refused: "replayed_credential" }
  | { readonly refused: "forbidden"; readonly detail: string };

/** One session of a chain, and whose it is. */
export interface Link {
  readonly session: string;
  readonly agent: string;
  /** The gateway that opened it and alone uses it; absent: the agent itself. */
  readonly gateway?: string;
}

/** Whoever asks on behalf of a session: what the verified token says. Another agent or chain than stored is `forbidden`. */
export interface Caller {
  readonly sequence: number;
  readonly agent: string;
  /** Absent: the root. */
  readonly session?: string;
  /** From the root to the session; absent for a root. */
  readonly chain?: readonly Link[];
}

/** What is kept of a used credential: a key that names it, and when it may be forgotten. */
export interface Credential {
  readonly key: string;
  readonly expires: number;
}

/** A person who signed in at the issuer of `people`; `iss` and `sub` identify, the rest is for showing and matching. */
export interface PersonRef {
  readonly iss: string;
  readonly sub: string;
  /** Verified and lower-cased, else null. */
  readonly email: string | null;
  /** The claims that the policy's groups name. Kept with a vote, so that it can be weighed again at use. */
  readonly claims: { readonly [name: string]: string | readonly string[] };
}
