/**
 * One shard of the ledger: it anchors what sessions hand over and signs checkpoints of it; nothing that decides waits
 * for it. A thin shell; what is taken, proved and signed is so by the functions under `ledger/`.
 */
import { DurableObject } from "cloudflare:workers";
import { rows } from "../rows.ts";
import type {
  Checkpoint,
  ConsistencyOutput,
  DisputeRow,
  FindInput,
  FindOutput,
  InclusionOutput,
  LeavesOutput,
  LedgerCounters,
  LedgerRpc,
  TakeInput,
  TakeOutput,
} from "../rpc.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import { type Clock, createClock } from "./clock.ts";
import type { ObjectEnv } from "./env.ts";
import { findRuns } from "./ledger/agent-days.ts";
import { checkpoint, latestCheckpoint } from "./ledger/checkpoint.ts";
import { readCounters } from "./ledger/counters.ts";
import { createExporter, type Exporter } from "./ledger/exporter.ts";
import { proveConsistency, proveInclusion, readLeaves } from "./ledger/proofs.ts";
import type { TakenRecord } from "./ledger/read-line.ts";
import { createTables } from "./ledger/schema.ts";
import { ownShard, take } from "./ledger/take.ts";
import { tallyRefusals } from "./ledger/tallies.ts";
import { createTree, type Tree } from "./ledger/tree-store.ts";
import { soonest } from "./soonest.ts";

/** How long leaves wait for their checkpoint: many share one. */
const SIGN_WITHIN = 20_000;

export class LedgerObject extends DurableObject<ObjectEnv> implements LedgerRpc {
  readonly #sql: SqlStorage;
  readonly #tree: Tree;
  readonly #clock: Clock;
  readonly #exporter: Exporter;
  #signAt: number | null = null;
  readonly #alarm: Alarm;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    createTables(this.#sql);
    this.#tree = createTree(this.#sql);
    this.#clock = createClock(this.#sql.exec<{ clock: number }>("SELECT clock FROM tree").one().clock);
    this.#alarm = createAlarm(ctx.storage);
    this.#exporter = createExporter(ctx.storage, env, this.#clock);
  }

  async take(input: TakeInput): Promise<TakeOutput> {
    const { storage } = this.ctx;
    const now = this.#clock.now();
    const taken = (log: string, records: readonly TakenRecord[]) => this.#exporter.taken(log, records);
    const output = storage.transactionSync(() => take({ sql: this.#sql, tree: this.#tree, now, taken }, input));
    if (output.disputed !== null) console.error("a record contradicts the ledger", { log: input.log, ...output });
    await this.#setAlarm();
    return output;
  }

  async find(input: FindInput): Promise<FindOutput> {
    return { found: findRuns(this.#sql, input), size: this.#tree.size() };
  }

  async checkpoint({ shard }: Parameters<LedgerRpc["checkpoint"]>[0]): Promise<Checkpoint> {
    const { env } = this;
    return checkpoint({ sql: this.#sql, tree: this.#tree, clock: this.#clock, env }, shard);
  }

  async inclusion({ log, seq, size }: Parameters<LedgerRpc["inclusion"]>[0]): Promise<InclusionOutput> {
    return { proof: proveInclusion(this.#sql, this.#tree, log, seq, size) };
  }

  async consistency({ from, to }: Parameters<LedgerRpc["consistency"]>[0]): Promise<ConsistencyOutput> {
    return { hashes: proveConsistency(this.#tree, from, to) };
  }

  async leaves({ from, to }: Parameters<LedgerRpc["leaves"]>[0]): Promise<LeavesOutput> {
    return readLeaves(this.#sql, this.#tree, from, to);
  }

  async counters(): Promise<LedgerCounters> {
    return readCounters(this.#sql, this.#tree.size(), this.#unsigned());
  }

  async countRefusals({ refusals }: Parameters<LedgerRpc["countRefusals"]>[0]): ReturnType<LedgerRpc["countRefusals"]> {
    this.ctx.storage.transactionSync(() => tallyRefusals(this.#sql, refusals));
    return { done: true };
  }

  async disputes(): ReturnType<LedgerRpc["disputes"]> {
    return { disputes: rows<DisputeRow>(this.#sql, "SELECT log, seq, what, hash, at FROM disputes ORDER BY at, log") };
  }

  async exports(): ReturnType<LedgerRpc["exports"]> {
    await this.#setAlarm();
    return { sinks: this.#exporter.counters() };
  }

  async deadLetters({
    sink,
    after,
    limit,
  }: Parameters<LedgerRpc["deadLetters"]>[0]): ReturnType<LedgerRpc["deadLetters"]> {
    return { letters: this.#exporter.letters(sink, after, limit) };
  }

  async requeue({ sink }: Parameters<LedgerRpc["requeue"]>[0]): ReturnType<LedgerRpc["requeue"]> {
    const count = this.ctx.storage.transactionSync(() => this.#exporter.requeue(sink));
    await this.#setAlarm();
    return { requeued: count };
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    try {
      await Promise.all([this.#sign(), this.#exporter.run()]);
    } finally {
      await this.#setAlarm();
    }
  }

  /** Never throws: the leaves stay unsigned, which the counters show, and it is tried again. */
  async #sign(): Promise<void> {
    const shard = ownShard(this.#sql);
    if (shard === null || this.#unsigned() === 0) return;
    this.#signAt = null;
    try {
      await this.checkpoint({ shard });
    } catch (cause) {
      console.error("no checkpoint can be signed; trying again", { cause: String(cause) });
    }
  }

  #unsigned(): number {
    return this.#tree.size() - (latestCheckpoint(this.#sql)?.size ?? 0);
  }

  #signDue(): number | null {
    if (this.#unsigned() === 0) return null;
    this.#signAt ??= this.#clock.now() + SIGN_WITHIN;
    return this.#signAt;
  }

  async #setAlarm(): Promise<void> {
    await this.#alarm.ringBy(soonest(this.#signDue(), this.#exporter.due()));
  }
}
