/** The face of every object that counts what several sessions share. */
import type { LimitRow } from "../../engine/index.ts";
import type { Refusal } from "./caller.ts";
import type { Reported, SessionReport } from "./session-report.ts";

/**
 * Which object counts: `agent NAME`, `requester ID` (its address, or what stands for one) or `fleet`. As text it is
 * the order in which objects are asked, and the name of a `BudgetObject`.
 */
export type Holder = `agent ${string}` | `requester ${string}` | "fleet";

export interface HolderRpc {
  /** All or none. Idempotent by session, reservation and counter. */
  reserve(input: ReserveInput): Promise<ReserveOutput>;
  /** For metrics, and to decide nothing. */
  gauges(input: { readonly limits: readonly CountedLimit[] }): Promise<Gauges>;
  /** What became of reservations of one session. Idempotent; unknown ones are passed over. */
  report(input: SessionReport): Promise<Reported>;
}

export interface CountedLimit {
  readonly counter: string;
  /** Milliseconds; null: as long as the session. */
  readonly window: number | null;
}

export interface Gauges {
  /** Of each limit where it is fullest, in the order asked; scaled by 10^6. */
  readonly used: readonly bigint[];
  /** Sessions that live and approvals that are pending; of agents' objects only. */
  readonly live: number;
  readonly pending: number;
}

export interface ReserveItem {
  readonly limit: LimitRow;
  /** Count it even beyond N: an approval stands for it. */
  readonly beyond: boolean;
}

export interface ReserveInput {
  readonly sequence: number;
  /** Of the object that asks: what it can be asked about later. */
  readonly session: string;
  /** Names the request and the round, so that a release that is late never hits a later round. */
  readonly reservation: string;
  /** False only reads what is used. */
  readonly reserve: boolean;
  readonly items: readonly ReserveItem[];
  /** A place among the agent's pending approvals, needed to ask; only agents' objects have them. */
  readonly approval: { readonly id: string; readonly expires: number } | null;
}

export type ReserveOutput =
  | {
      /** True when all items are held (and were asked for). */
      readonly reserved: boolean;
      /** Used by others before this reservation, in the order of the items. Scaled by 10^6. */
      readonly items: readonly { readonly used: bigint; readonly admits_at: number | null }[];
      /** False when the agent has too many pending approvals. */
      readonly place: boolean;
    }
  | Refusal;
