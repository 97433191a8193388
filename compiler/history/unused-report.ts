/** Grants that nobody used, as data. */
import type { Place } from "../place-of.ts";
import type { Span } from "./what-if-report.ts";

export interface UnusedReport {
  /** RFC 3339: what was recorded before wasn't looked at. */
  readonly since: string;
  /** Of all the logs. */
  readonly span: Span;
  /** Every agent of the policy, sorted by name. */
  readonly agents: readonly UnusedOfAgent[];
  /** A unified diff that takes away what nobody used; empty where nothing can be taken away. */
  readonly patch: string;
  /** How many of the grants are in the patch. */
  readonly patched: number;
}

export interface UnusedOfAgent {
  readonly agent: string;
  /** Records of it that were looked at. */
  readonly records: number;
  readonly unused: readonly UnusedGrant[];
}

export interface UnusedGrant {
  readonly kind: "rule" | "role" | "may call" | "may become";
  /** The rule as it is written, or the name of the role or agent. */
  readonly text: string;
  /** Name of the role that the rule stands in; null for the agent's own. */
  readonly role: string | null;
  readonly place: Place | null;
  /** Why the patch leaves it; null: it is in the patch. */
  readonly kept: string | null;
}
