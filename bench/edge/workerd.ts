/** Plain workerd, without anything between it and its clients: objects in SQLite on disk, KV as a small Worker. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMPATIBILITY } from "../../cli/local/bundle-worker.ts";
import { freePort } from "../../cli/local/port.ts";

export interface WorkerSource {
  /** First the main module. */
  readonly modules: readonly { readonly name: string; readonly type: "esModule" | "text"; readonly text: string }[];
  /** By name. @param url where it will be reached */
  readonly variables: (url: string) => { readonly [name: string]: string };
  /** Class of an object, by the name of its binding. */
  readonly objects: { readonly [binding: string]: string };
  /** Name of a KV namespace; null: none. */
  readonly kv: string | null;
}

export interface RunningWorker {
  readonly url: string;
  readonly process: number;
  /** Milliseconds from the start of the process to its first answer. */
  readonly started: number;
  readonly stop: () => Promise<void>;
}

/** Nothing is ever in it. */
const EMPTY_KV = `export default { fetch: () => new Response(null, { status: 404 }) };`;

/** @param probe a path that answers 200 */
export async function startWorkerd(source: WorkerSource, probe: string): Promise<RunningWorker> {
  const directory = mkdtempSync(join(tmpdir(), "agentpolicy-bench-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  for (const { name, text } of source.modules) writeFileSync(join(directory, name), text);
  writeFileSync(join(directory, "kv.js"), EMPTY_KV);
  const state = join(directory, "state");
  mkdirSync(state);
  const config = join(directory, "config.capnp");
  writeFileSync(config, configText(source, { url, port, state }));
  const begun = performance.now();
  const child = spawn(
    workerdPath(),
    ["serve", config, ...(process.env["INSPECT"] === undefined ? [] : [`--inspector-addr=${process.env["INSPECT"]}`])],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors = (errors + String(chunk)).slice(-4_000);
  });
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const started = (await firstAnswer(`${url}${probe}`, child)) - begun;
    return { url, process: child.pid ?? 0, started, stop };
  } catch (error) {
    await stop();
    throw new Error(`workerd doesn't answer: ${errors}`, { cause: error });
  }
}

/** The package's own script would be a process more. */
function workerdPath(): string {
  const require = createRequire(import.meta.url);
  const own = require("workerd") as { readonly default: string };
  return own.default;
}

const PATIENCE = 20_000;

async function firstAnswer(url: string, child: ChildProcess): Promise<number> {
  const until = performance.now() + PATIENCE;
  while (performance.now() < until && child.exitCode === null) {
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.ok) return performance.now();
      throw new Error(`${response.status}`);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      // It doesn't listen yet.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  throw new Error(`no answer within ${PATIENCE} ms`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

/** The format of `workerd serve`, https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp */
function configText(
  { modules, variables, objects, kv }: WorkerSource,
  { url, port, state }: { readonly url: string; readonly port: number; readonly state: string },
): string {
  const texts = Object.entries(variables(url)).map(
    ([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`,
  );
  const spaces = Object.entries(objects).map(
    ([name, of]) => `(name = ${quoted(name)}, durableObjectNamespace = ${quoted(of)})`,
  );
  const classes = Object.values(objects).map(
    (of) => `(className = ${quoted(of)}, uniqueKey = ${quoted(of)}, enableSql = true)`,
  );
  const store = kv === null ? [] : [`(name = ${quoted(kv)}, kvNamespace = "kv")`];
  const flags = COMPATIBILITY.flags.map(quoted).join(", ");
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "kv", worker = .kv),
    (name = "disk", disk = (path = ${quoted(state)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const kv :Workerd.Worker = (
  modules = [(name = "kv.js", esModule = embed "kv.js")],
  compatibilityDate = ${quoted(COMPATIBILITY.date)},
);
const main :Workerd.Worker = (
  modules = [${modules.map(({ name, type }) => `(name = ${quoted(name)}, ${type} = embed ${quoted(name)})`).join(", ")}],
  compatibilityDate = ${quoted(COMPATIBILITY.date)},
  compatibilityFlags = [${flags}],
  bindings = [${[...texts, ...spaces, ...store].join(", ")}],
  durableObjectNamespaces = [${classes.join(", ")}],
  durableObjectStorage = (localDisk = "disk"),
);
`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** CPU time that a process has used, milliseconds: `proc(5)`, fields 14 and 15 of `stat`, in ticks of 10 ms. */
export function cpuTime(process: number): number {
  const text = readFileSync(`/proc/${process}/stat`, "latin1");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory of a process, bytes. */
export function residentMemory(process: number): number {
  const text = readFileSync(`/proc/${process}/status`, "latin1");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}
