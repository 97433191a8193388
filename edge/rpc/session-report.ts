/** What a session tells whoever counts for it. */
import type { Happening, ToldTrips, UsedActions } from "./breaker-rpc.ts";
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
  /** For breakers; each counts once, however often it is told. */
  readonly happened?: readonly Happening[];
  readonly used?: readonly UsedActions[];
  /** Nothing that happened in a record below this number will be told again. */
  readonly settled?: number;
}

export interface Reported {
  readonly done: true;
  /** What tripped breakers of all that the report told. */
  readonly tripped?: readonly ToldTrips[];
}
