/** What a sink is given to send: records of one shard of the ledger, each log's in their order. */

export interface Outgoing {
  /** Where it stands in the shard's queue: rises from record to record, and is never used again. */
  readonly n: number;
  /** The root session, or `board`. */
  readonly log: string;
  readonly seq: number;
  /** Canonical JSON of the sealed record. */
  readonly text: string;
  /** Canonical JSON; null where there are none, they were erased, or the sink doesn't get any. */
  readonly args: string | null;
}

export interface Batch {
  readonly shard: number;
  /** The edge's own, for receivers that several deployments send to; empty where it has none. */
  readonly origin: string;
  /** Never empty. */
  readonly records: readonly Outgoing[];
  /** UTC milliseconds. */
  readonly now: number;
}

/** What became of a batch. */
export type Delivery =
  | { readonly kind: "sent" }
  /** Not now: `after` milliseconds, if the receiver says so. */
  | { readonly kind: "later"; readonly why: string; readonly after: number | null }
  /** Never: the receiver doesn't take this batch. Of several records it may be one alone. */
  | { readonly kind: "refused"; readonly why: string }
  /** It took some and rejected others, without saying which, and must not be sent the same again. */
  | { readonly kind: "partly"; readonly why: string };

/** A record as those who format it read it; its kind decides what else there is. */
export interface RecordFields {
  readonly kind: string;
  readonly at: string;
  readonly session: string | null;
  readonly agent: string | null;
  readonly [name: string]: unknown;
}

export function fieldsOf({ text }: Pick<Outgoing, "text">): RecordFields {
  const record = JSON.parse(text) as { readonly [name: string]: unknown };
  return {
    ...record,
    kind: textOf(record["kind"]) ?? "unknown",
    at: textOf(record["at"]) ?? new Date(0).toISOString(),
    session: textOf(record["session"]),
    agent: textOf(record["agent"]),
  };
}

/** The day (UTC) on which it was written: `2026-01-05`. */
export function dayOf(outgoing: Pick<Outgoing, "text">): string {
  return fieldsOf(outgoing).at.slice(0, "2026-01-05".length);
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
