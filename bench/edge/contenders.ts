/** What is measured beside the edge: the least that a Worker with an object must do, and the least that Hono does. */
import { build } from "esbuild";
import type { WorkerSource } from "./workerd.ts";

/** One counter and so many rows for each request, in one transaction of one object: no rules, no checks. */
const bareCode = (rows: readonly string[]): string => `
import { DurableObject } from "cloudflare:workers";
export class CounterObject extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS counts (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)");
    for (const name of ${JSON.stringify(rows)})
      ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS " + name + " (seq INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    ctx.storage.sql.exec("INSERT OR IGNORE INTO counts (id, n) VALUES (1, 0)");
  }
  take(text) {
    return this.ctx.storage.transactionSync(() => {
${rows.map((name) => `      this.ctx.storage.sql.exec("INSERT INTO ${name} (text) VALUES (?)", text);`).join("\n")}
      return this.ctx.storage.sql.exec("UPDATE counts SET n = n + 1 WHERE id = 1 RETURNING n").one().n;
    });
  }
}
export default {
  async fetch(request, env) {
    if (request.method === "GET") return new Response("ok");
    const name = request.headers.get("authorization");
    const text = await request.text();
    JSON.parse(text);
    const n = await env.COUNTER.get(env.COUNTER.idFromName(name)).take(text);
    return Response.json({ decision: "allow", n });
  },
};
`;

export const bare = counting(["records"]);

/** As many rows as a decision of the bench's policy writes: its record, itself, two counts, the session's own. */
export const bareRows = counting(["records", "decisions", "amounts", "sums"]);

function counting(rows: readonly string[]): WorkerSource {
  return {
    modules: [{ name: "bare.js", type: "esModule", text: bareCode(rows) }],
    variables: () => ({}),
    objects: { COUNTER: "CounterObject" },
    kv: null,
  };
}

const HELLO = `
import { Hono } from "hono";
const app = new Hono();
app.get("/healthz", (c) => c.text("ok"));
app.post("/v1/authorize", (c) => c.json({ decision: "allow" }));
export default app;
`;

export async function hello(): Promise<WorkerSource> {
  const bundled = await build({
    stdin: { contents: HELLO, resolveDir: import.meta.dirname, loader: "js" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    logLevel: "silent",
  });
  const text = bundled.outputFiles[0]?.text ?? "";
  return { modules: [{ name: "hello.js", type: "esModule", text }], variables: () => ({}), objects: {}, kv: null };
}
