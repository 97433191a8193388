/** What a session tells whoever counts for it. */
import type { SessionStatus } from "./session-rpc.ts";

export interface SessionReport {
  readonly session: string;
  readonly confirm: readonly { readonly reservation: string; readonly at: number }[];
  readonly release: readonly string[];
  /** Approvals that are pending, that aren't any more, and that are again. */
  readonly asked: readonly string[];
  readonly resolved: readonly string[];
  readonly reopened: readonly { readonly approval: string; readonly expires: number }[];
  /** Set when the session has ended. */
  readonly ended: { readonly status: SessionStatus; readonly at: number } | null;
}
