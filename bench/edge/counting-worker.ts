/**
 * The edge's Worker before sessions that decide only their first request. Each further one is a counter and a row, as
 * in `contenders.ts`, and gets the first one's answer: what is left is what the Worker and the way to the object take.
 */
import { resolve } from "node:path";
import { bundleSources, TABLE_MODULE } from "../../cli/local/bundle-worker.ts";
import type { Fleet } from "./edge-under-load.ts";
import type { WorkerSource } from "./workerd.ts";

const ENTRY = `
import table from "./${TABLE_MODULE}";
import { createApp, SessionObject as Deciding } from "./edge/index.ts";
export { AgentObject, BudgetObject, LedgerObject, SwitchboardObject } from "./edge/index.ts";
export class SessionObject extends Deciding {
  #first = null;
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS bench_counts (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)");
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS bench_rows (seq INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    ctx.storage.sql.exec("INSERT OR IGNORE INTO bench_counts (id, n) VALUES (1, 0)");
  }
  async authorize(input) {
    this.#first ??= await super.authorize(input);
    this.ctx.storage.transactionSync(() => {
      this.ctx.storage.sql.exec("INSERT INTO bench_rows (text) VALUES (?)", input.args);
      return this.ctx.storage.sql.exec("UPDATE bench_counts SET n = n + 1 WHERE id = 1 RETURNING n").one().n;
    });
    return this.#first;
  }
}
export default createApp(table);
`;

const ROOT = resolve(import.meta.dirname, "../..");

export async function countingEdge({ source }: Fleet): Promise<WorkerSource> {
  const stdin = { contents: ENTRY, resolveDir: ROOT, sourcefile: "counting-worker.js", loader: "js" } as const;
  const { code } = await bundleSources({ stdin });
  return {
    ...source,
    modules: source.modules.map((module) => (module.type === "esModule" ? { ...module, text: code } : module)),
  };
}
