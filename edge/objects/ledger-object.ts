/**
 * One shard of the ledger: it anchors what sessions hand over, and nothing that decides waits for it. A thin shell; what
 * is taken is taken by the functions under `ledger/`.
 */
import { DurableObject } from "cloudflare:workers";
import { firstRow, rows } from "../rows.ts";
import type { LedgerCounters, LedgerRpc, TakeInput, TakeOutput } from "../rpc.ts";
import { type Clock, createClock } from "./clock.ts";
import type { ObjectEnv } from "./env.ts";
import type { TakenRecord } from "./ledger/read-line.ts";
import { createTables } from "./ledger/schema.ts";
import { take } from "./ledger/take.ts";
import { createTree, type Tree } from "./ledger/tree-store.ts";

export class LedgerObject extends DurableObject<ObjectEnv> implements LedgerRpc {
  readonly #sql: SqlStorage;
  readonly #tree: Tree;
  readonly #clock: Clock;
  /** Whatever hangs on the intake, such as exports: each hears of every record once, in the transaction that anchors it. */
  readonly #listeners: readonly ((log: string, records: readonly TakenRecord[]) => void)[] = [];

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    createTables(this.#sql);
    this.#tree = createTree(this.#sql);
    this.#clock = createClock(this.#sql.exec<{ clock: number }>("SELECT clock FROM tree").one().clock);
  }

  async take(input: TakeInput): Promise<TakeOutput> {
    const output = this.ctx.storage.transactionSync(() =>
      take(
        {
          sql: this.#sql,
          tree: this.#tree,
          now: this.#clock.now(),
          taken: (log, records) => {
            for (const listen of this.#listeners) listen(log, records);
          },
        },
        input,
      ),
    );
    if (output.disputed !== null) console.error("a record contradicts the ledger", { log: input.log, ...output });
    return output;
  }

  async counters(): Promise<LedgerCounters> {
    const count = (query: string): number => firstRow<{ count: number }>(this.#sql, query)?.count ?? 0;
    return {
      logs: count("SELECT count(*) AS count FROM heads"),
      records: this.#tree.size(),
      disputes: count("SELECT count(*) AS count FROM disputes"),
      decisions: rows<LedgerCounters["decisions"][number]>(
        this.#sql,
        "SELECT decision, reason, count FROM tallies ORDER BY decision, reason",
      ),
    };
  }
}
