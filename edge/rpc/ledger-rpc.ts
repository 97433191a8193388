/** The face of `LedgerObject`: where the records of all sessions are anchored, indexed and signed. */

/**
 * Shards of the ledger: a log belongs to one for good, so this number never changes. A log is named by the root
 * session that it is the chain of, or `board` for the Switchboard's.
 */
export const SHARDS = 8;

export const BOARD_LOG = "board";

/** One object a shard, named `ledger-0` and so on. */
export interface LedgerRpc {
  /** Idempotent by log and `seq`: what was taken before changes nothing. Committed when it answers. */
  take(input: TakeInput): Promise<TakeOutput>;
  counters(): Promise<LedgerCounters>;
}

export interface TakeInput {
  readonly log: string;
  /** Canonical JSON of sealed records without their arguments, in the order of `seq`, at most `MOST_TAKEN`. */
  readonly lines: readonly string[];
}

/** Records that are handed over in one call. */
export const MOST_TAKEN = 200;

export interface TakeOutput {
  /** The last `seq` that the ledger holds of this log. Lower than what was sent: it wants the ones between. */
  readonly taken: number;
  /** A record that contradicts what the ledger holds; it and those behind it were not taken. */
  readonly disputed: { readonly seq: number; readonly what: Dispute } | null;
}

/**
 * `broken`: it isn't what its hash says, or can't be read. `changed`: another record was taken under this number.
 * `forked`: it doesn't continue the last one that was taken.
 */
export type Dispute = "broken" | "changed" | "forked";

/** Counted since the shard's beginning. */
export interface LedgerCounters {
  readonly logs: number;
  readonly records: number;
  readonly disputes: number;
  readonly decisions: readonly { readonly decision: string; readonly reason: string; readonly count: number }[];
}
