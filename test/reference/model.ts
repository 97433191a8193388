/** What the reference evaluator is asked, what it is told about the session, and what it answers. */
import type { File } from "../../dsl/ast.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Args = { readonly [name: string]: Json };

export interface Question {
  readonly agent: string;
  readonly session: string;
  readonly environment: string;
  /** The agents above it, the root first. */
  readonly callers?: readonly string[];
  readonly requester?: {
    readonly id: string;
    readonly email?: string;
    readonly claims: { readonly [name: string]: string | readonly string[] };
  };
  readonly action: string;
  readonly args: Args;
  readonly resources?: readonly string[];
  /** UTC milliseconds. */
  readonly at: number;
  readonly ip?: string;
  readonly country?: string;
  readonly confidence?: number;
  readonly sha256?: (text: string) => string;
}

/** One action that was admitted in the session before. */
export interface Admitted {
  readonly action: string;
  readonly args: Args;
  readonly at: number;
}

export interface SessionState {
  readonly now: number;
  readonly opened_at: number;
  readonly calls: number;
  readonly labels: ReadonlySet<string>;
  readonly task?: string;
  readonly admitted: readonly Admitted[];
  readonly approvals: ReadonlySet<string>;
  /** Roles that the session has gained. */
  readonly roles: ReadonlySet<string>;
  /** What the live sets hold; a set that can't be read isn't here. */
  readonly live: ReadonlyMap<string, ReadonlySet<string>>;
  /** What a limit has counted so far, scaled by 10^6; null where nobody can count it. */
  used(limit: LimitSeen): bigint | null;
}

/** A limit as the counters know it. */
export interface LimitSeen {
  readonly per: string;
  /** Whose count it is, where each agent has its own; else empty. */
  readonly agent: string;
  /** Canonical JSON of the key's values. */
  readonly key: string;
  /** Milliseconds, or null for as long as the session. */
  readonly window: number | null;
}

export interface Answer {
  readonly decision: "allow" | "ask" | "deny";
  readonly tier: "allow" | "notify" | "ask" | "never";
  readonly reason: string;
  readonly faults: readonly string[];
  readonly resources: readonly string[];
  readonly approvals: readonly string[];
  readonly notify: readonly string[];
  readonly adds: readonly string[];
  readonly clears: readonly string[];
  readonly spends: readonly {
    readonly key: string;
    readonly amount: bigint;
    readonly n: bigint;
    readonly beyond: boolean;
  }[];
  readonly unknown: readonly string[];
  /** What rules and limits on trial would have done, without their text. */
  readonly trials: readonly string[];
}

export type Policy = readonly File[];
