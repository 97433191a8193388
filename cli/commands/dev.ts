/** `agentpolicy dev`: the real Worker on this machine, and a new table on every save, until Ctrl-C. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { type Compile, createCompiler, serializeTable } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";
import { connectPerson } from "../../sdk/index.ts";
import { compilePath, countText, showWarnings, tableOrFrames } from "../compile-path.ts";
import { agentKeys } from "../dev/agent-keys.ts";
import { createEdgeLog } from "../dev/edge-log.ts";
import { firstSteps } from "../dev/first-steps.ts";
import { listedPeople } from "../dev/listed-people.ts";
import { lookAtPolicy, watchPolicy } from "../dev/watch-policy.ts";
import { readToken } from "../edge-access.ts";
import { readExportsFile } from "../exports-file.ts";
import { Failure } from "../failure.ts";
import { noteIdleSwitches } from "../idle-switches.ts";
import { inert } from "../inert.ts";
import { lockDirectory } from "../local/directory-lock.ts";
import { startEdge } from "../local/start-edge.ts";
import type { LocalEdge } from "../local/start-edge.ts";
import { noteExports } from "../note-exports.ts";
import { noteUndelivered } from "../note-undelivered.ts";
import { ownFolder } from "../own-folder.ts";
import { port } from "../option-values.ts";
import { colours, note, print } from "../terminal.ts";

interface Options {
  readonly port: number;
  readonly fresh?: true;
  readonly exports?: string;
}

/** What `--fresh` leaves alone: agents' keys, which stand in the policy, and deploy's output. */
const KEPT = ["keys", "deploy", ".gitignore", "lock"];

export function dev(command: Command): void {
  command
    .description(
      "Runs the real Worker on this machine, with its state under .agentpolicy/, and a development issuer for people's " +
        "tokens. Compiles again on every save; a policy with errors leaves the last good one running. Ctrl-C ends it.",
    )
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .option("--port <n>", "port on 127.0.0.1; 0 takes a free one", port, 8787)
    .option("--exports <file>", "export records as this JSON file says; its secrets come from the environment")
    .option("--fresh", "forget sessions, records, switches and the edge's keys first")
    .addHelpText("after", "\nExample:\n  agentpolicy dev policies/ --port 8787")
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const compile = createCompiler();
  const seen = await lookAtPolicy(path);
  const compiled = await compilePath(path, compile);
  const table = tableOrFrames(compiled);
  if (table === null) return;
  const exported = options.exports === undefined ? null : await readExportsFile(options.exports, true);
  const folder = await ownFolder();
  if (options.fresh) await forget(folder);
  showWarnings(compiled);
  const edge = await startEdge({
    table: serializeTable(table),
    directory: folder,
    port: options.port,
    listed: listedPeople(compiled.sources),
    ...(exported === null ? {} : { bindings: { ...exported.secrets, EXPORTS: exported.text } }),
    log: createEdgeLog(note, () => performance.now()),
  });
  const stop = untilStopped();
  try {
    const paint = colours("stdout");
    const keys = await agentKeys(
      table,
      compiled.sources.map((source) => source.name),
    );
    print(
      `${paint.bold(inert(table.body.name))} runs at ${paint.cyan(edge.url)}  (${table.hash.slice(0, 19)}…, sequence ${edge.sequence()})\n\n`,
    );
    print(`${firstSteps({ url: edge.url, folder, table, keys }, paint)}\n`);
    noteUndelivered(table);
    if (exported !== null) noteExports(exported);
    await noteSwitches(edge, folder, table);
    note("watching for changes; Ctrl-C ends it");
    await watchPolicy(seen, () => reload(path, { edge, folder, compile }), stop);
  } finally {
    // Nobody answers there any more; commands should say so instead of knocking.
    await rm(join(folder, "edge"), { force: true });
    await edge.stop();
  }
  note("stopped; sessions and records are kept for the next start");
}

/** As whoever may look; where the policy names nobody who may, nobody is told. */
async function noteSwitches({ url }: LocalEdge, folder: string, table: Table): Promise<void> {
  const { operators, auditors } = table.body.settings;
  const hat = operators.length > 0 ? "operator" : auditors.length > 0 ? "auditor" : null;
  if (hat === null) return;
  const token = await readToken(join(folder, "tokens", hat));
  await noteIdleSwitches(connectPerson({ edge: url, token }), table);
}

interface Reloaded {
  readonly edge: LocalEdge;
  readonly folder: string;
  readonly compile: Compile;
}

/** A bad save changes nothing at the edge. */
async function reload(path: string, { edge, folder, compile }: Reloaded): Promise<void> {
  const paint = colours("stderr");
  try {
    const compiled = await compilePath(path, compile);
    const table = tableOrFrames(compiled);
    // What a save finds isn't this command's outcome.
    process.exitCode = 0;
    if (table === null) return note(paint.yellow("the last good policy goes on running"));
    const warnings = showWarnings(compiled);
    await edge.reload(serializeTable(table));
    noteUndelivered(table);
    await noteSwitches(edge, folder, table);
    note(
      paint.green(`policy ${table.hash.slice(0, 19)}… runs, sequence ${edge.sequence()}`) + ` (${countText(warnings)})`,
    );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    note(`${inert(error.message)}; ${paint.yellow("the last good policy goes on running")}`);
  }
}

/** Under the lock, so that no running edge loses its state. */
async function forget(folder: string): Promise<void> {
  const lock = await lockDirectory(folder);
  try {
    for (const name of await readdir(folder)) {
      if (!KEPT.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
}

/** Miniflare listens for signals too, and would end the process before the edge is stopped in order. */
function untilStopped(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.removeAllListeners(signal);
    process.once(signal, () => stop.abort());
  }
  return stop.signal;
}
