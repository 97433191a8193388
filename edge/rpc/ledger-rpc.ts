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
  /** Where records of an agent (`null`: of anybody or nobody) stand that were written on a day, from a leaf on. */
  find(input: FindInput): Promise<FindOutput>;
  /** The latest one, signed now if it doesn't say all. @param input the shard's own number */
  checkpoint(input: { readonly shard: number }): Promise<Checkpoint>;
  /** Against the tree of this size, of a record or (`null`) the last of the log in it; null when it isn't in it. */
  inclusion(input: {
    readonly log: string;
    readonly seq: number | null;
    readonly size: number;
  }): Promise<InclusionOutput>;
  /** That the tree of one size grew from that of another; null when it never had them. */
  consistency(input: { readonly from: number; readonly to: number }): Promise<ConsistencyOutput>;
  /** Some of the leaves from one on, up to a size of the tree. */
  leaves(input: { readonly from: number; readonly to: number }): Promise<LeavesOutput>;
  counters(): Promise<LedgerCounters>;
  /** From a Worker, now and then: what it refused by itself. Any shard takes it. */
  countRefusals(input: { readonly refusals: LedgerCounters["refusals"] }): Promise<{ readonly done: true }>;
  /** How exports go, sink by sink. */
  exports(): Promise<{ readonly sinks: readonly SinkCounters[] }>;
  /** What a sink didn't take, from an id on. */
  deadLetters(input: {
    readonly sink: string;
    readonly after: number;
    readonly limit: number;
  }): Promise<{ readonly letters: readonly DeadLetter[] }>;
  /** Sends them again, before anything else. */
  requeue(input: { readonly sink: string }): Promise<{ readonly requeued: number }>;
  disputes(): Promise<{ readonly disputes: readonly DisputeRow[] }>;
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

export interface DisputeRow {
  readonly log: string;
  readonly seq: number;
  readonly what: Dispute;
  /** Of the record that was refused; empty where it couldn't be read. */
  readonly hash: string;
  readonly at: number;
}

export interface FindInput {
  readonly agent: string | null;
  /** UTC: `2026-01-05`. */
  readonly day: string;
  /** The first leaf that is looked at: the order is that in which the ledger took the records. */
  readonly from: number;
  readonly limit: number;
}

export interface FindOutput {
  readonly found: readonly FoundRun[];
  /** Leaves that there are: what is taken later stands behind them. */
  readonly size: number;
}

/** Records `first` to `last` of a log, among them some of the agent and the day; their run begins at this leaf. */
export interface FoundRun {
  readonly leaf: number;
  readonly log: string;
  readonly first: number;
  readonly last: number;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Of the keys that signed it, the newest first, with spaces between. */
  readonly kid: string;
  readonly at: number;
  /** The signed note itself. */
  readonly note: string;
}

export interface Inclusion {
  readonly seq: number;
  /** From 0. */
  readonly leaf: number;
  readonly size: number;
  /** Base64, from the leaf's neighbour up. */
  readonly hashes: readonly string[];
}

export interface InclusionOutput {
  readonly proof: Inclusion | null;
}

export interface ConsistencyOutput {
  /** Base64. */
  readonly hashes: readonly string[] | null;
}

export interface LeavesOutput {
  readonly runs: readonly {
    readonly log: string;
    /** Of the first record. */
    readonly seq: number;
    /** Base64 of the leaf hashes, 32 bytes each. */
    readonly hashes: string;
  }[];
  readonly next: number;
}

/** Milliseconds, ascending. Places in it are stored, so that it only ever grows at the end. */
export const LATENCY_BOUNDS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000] as const;

/** The same, of records from their writing to the ledger. */
export const HAND_OVER_BOUNDS = [1_000, 5_000, 15_000, 30_000, 60_000, 300_000, 3_600_000] as const;

export interface Latencies {
  /** In the order of the bounds, and beyond the last one. */
  readonly counts: readonly number[];
  /** Milliseconds. */
  readonly sum: number;
}

/** Counted since the shard's beginning. */
export interface LedgerCounters {
  readonly records: number;
  readonly disputes: number;
  /** Leaves that the latest checkpoint says nothing about yet. */
  readonly unsigned: number;
  /** Of decisions by rules: from the Worker's clock to the commit. */
  readonly latencies: Latencies;
  readonly decisions: readonly { readonly decision: string; readonly reason: string; readonly count: number }[];
  /** Of records: how long they were under way. */
  readonly hand_overs: Latencies;
  /** By the limit's id: decisions that found or left a fifth of it or less. */
  readonly near: readonly { readonly id: string; readonly count: number }[];
  /** By kind of problem, `shield`, or `opening_` and the reason. */
  readonly refusals: readonly { readonly reason: string; readonly count: number }[];
}

/** One sink of one shard, counted since it was configured. */
export interface SinkCounters {
  readonly name: string;
  readonly waiting: number;
  /** Milliseconds that the oldest of them has waited. */
  readonly lag: number;
  /** Records. */
  readonly sent: number;
  /** Tries. */
  readonly failed: number;
  /** Records that are dead letters now. */
  readonly dead: number;
  /** Records that became dead letters, each time that they did. */
  readonly given_up: number;
  /** Of the last try; null: it went well. */
  readonly problem: string | null;
}

export interface DeadLetter {
  readonly id: number;
  readonly log: string;
  readonly seq: number;
  readonly problem: string;
  readonly at: number;
  /** Whether it is to be sent again. */
  readonly again: boolean;
}
