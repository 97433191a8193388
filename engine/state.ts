/** What the session knows, as `decide` reads it. All reads are synchronous and without effect. */
import type { LimitRow } from "./remainder.ts";

export interface State {
  /** UTC milliseconds, never running backwards. */
  readonly now: number;
  readonly opened_at: number;
  /** Requests admitted so far in this session. */
  readonly calls: number;
  readonly labels: ReadonlySet<string>;
  /** Roles gained by elevation, valid now. */
  readonly roles: ReadonlySet<string>;
  /** The task text; absent where nobody vouches for one. */
  readonly task?: string;
  /** Was `action` admitted here (with these arguments equal; within so many ms)? `same` is canonical JSON or null. */
  did(action: string, same: string | null, within: number | null): boolean;
  /** Does the live set hold the text? Null where the set can't be read. */
  live(set: string, value: string): boolean | null;
  /** What has been admitted in the window that ends now; null where nobody can count it: then it is used up. */
  used(limit: LimitRow): Usage | null;
  /** Is this approval given for this very request? */
  approved(approval: string): boolean;
}

export interface Usage {
  /** Scaled by 10^6. */
  readonly used: bigint;
  /** UTC milliseconds from which `amount` more fits within N; null: never in this session. */
  readonly admits_at: number | null;
}
