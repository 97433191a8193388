/**
 * The Worker with one thing that goes wrong all the time, as its variable `FAULT` says: `pushes` that tell of a switch
 * never arrive, or the copy of the switches in `kv` never shows one.
 */
import { resolve } from "node:path";
import { bundleSources, TABLE_MODULE } from "../../cli/local/bundle-worker.ts";

export type Fault = "pushes" | "kv";

const ENTRY = `
import table from "./${TABLE_MODULE}";
import { AgentObject as Agent, createApp, SessionObject as Session } from "./edge/index.ts";
export { BudgetObject, LedgerObject, SwitchboardObject } from "./edge/index.ts";

const lost = () => Promise.reject(new Error("the push is lost"));
export class AgentObject extends Agent {
  learnSwitches(notice) { return this.env.FAULT === "pushes" ? lost() : super.learnSwitches(notice); }
}
export class SessionObject extends Session {
  learnSwitches(notice) { return this.env.FAULT === "pushes" ? lost() : super.learnSwitches(notice); }
}

const app = createApp(table);
// The same for the same, since the Worker keeps what it has read of an environment.
const stale = new WeakMap();
function withStaleKv(env) {
  if (!stale.has(env)) stale.set(env, { ...env, SWITCHES: { get: async () => null, put: (...of) => env.SWITCHES.put(...of) } });
  return stale.get(env);
}
export default {
  fetch: (request, env, context) => app.fetch(request, env.FAULT === "kv" ? withStaleKv(env) : env, context),
};
`;

const ROOT = resolve(import.meta.dirname, "../..");

export async function faultyWorker(): Promise<string> {
  const stdin = { contents: ENTRY, resolveDir: ROOT, sourcefile: "faulty-worker.js", loader: "js" } as const;
  return (await bundleSources({ stdin })).code;
}
