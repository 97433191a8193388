/** A record as it is handed over: what the ledger needs of it, if it is what its hash says. Pure. */
import { hashOf } from "../../records/seal-record.ts";
import type { SealedRecord } from "../../records/record.ts";
import type { Answer } from "../../rpc.ts";

export interface TakenRecord {
  readonly seq: number;
  readonly prev: string | null;
  /** `sha256:` and 64 hex digits. */
  readonly hash: string;
  /** Every agent on the chain; none for what concerns no session. */
  readonly agents: readonly string[];
  /** UTC: `2026-01-05`. */
  readonly day: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** Of decisions only. */
  readonly outcome: Outcome | null;
  /** Canonical JSON, as it came. */
  readonly text: string;
}

export interface Outcome {
  readonly decision: string;
  readonly reason: string;
  /** Milliseconds from the Worker's clock to the commit; null where no rule was asked. */
  readonly took: number | null;
  /** Ids of limits of which a fifth or less was left. */
  readonly near: readonly string[];
}

const HASH = /^sha256:[0-9a-f]{64}$/;

/** Null when it can't be read, or isn't what its hash says. */
export function readLine(text: string): TakenRecord | null {
  const record = parsed(text);
  if (record === null) return null;
  const { hash, ...unsealed } = record;
  const { seq, prev = null, at } = record;
  if (typeof hash !== "string" || !HASH.test(hash) || typeof at !== "string" || Number.isNaN(Date.parse(at)))
    return null;
  if (seq === undefined || !Number.isSafeInteger(seq) || (prev !== null && typeof prev !== "string")) return null;
  if (hashOf(unsealed) !== hash) return null;
  const found = { agents: agentsOf(record), day: at.slice(0, 10), at: Date.parse(at), outcome: outcomeOf(record) };
  return { seq, prev, hash, ...found, text };
}

/** What a log says of itself is not believed before it was looked at: another version of the edge may have written it. */
function parsed(text: string): Partial<SealedRecord> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
}

function agentsOf({ agent, chain }: Partial<SealedRecord>): readonly string[] {
  const named = [...(Array.isArray(chain) ? chain : []), agent];
  return [...new Set(named.filter((each) => typeof each === "string"))];
}

function outcomeOf(record: Partial<SealedRecord>): TakenRecord["outcome"] {
  if (record.kind !== "decision" || record.decision === undefined || record.reason === undefined) return null;
  const took = Date.parse(record.at ?? "") - Date.parse(record.facts?.at ?? "");
  const { decision, reason, limits } = record;
  return { decision, reason, took: Number.isFinite(took) ? took : null, near: nearOf(limits) };
}

/** What is left of it is written to six digits at most. */
function nearOf(limits: unknown): readonly string[] {
  if (!Array.isArray(limits)) return [];
  const near = (limits as readonly Partial<Answer["limits"][number]>[]).filter(
    ({ limit, remaining }) => Number(remaining) <= Number(limit) * LEFT,
  );
  return [...new Set(near.flatMap(({ id }) => (typeof id === "string" ? [id] : [])))];
}

const LEFT = 0.2;
