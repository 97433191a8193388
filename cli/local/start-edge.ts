/**
 * The edge on this machine: the real Worker and its objects on workerd, through Miniflare, with everything that they
 * keep in one directory. No account, no network. `agentpolicy dev`, the demo and the tests all start it here.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { environment } from "../failure.ts";
import { ownFolder } from "../own-folder.ts";
import { bundleWorker } from "./bundle-worker.ts";
import { personToken, requesterToken } from "./development-tokens.ts";
import type { DevelopmentPerson, DevelopmentRequester } from "./development-tokens.ts";
import { lockDirectory } from "./directory-lock.ts";
import type { DirectoryLock } from "./directory-lock.ts";
import { readKeys } from "./edge-keys.ts";
import { freePort, portProblem } from "./port.ts";
import { ownRuntimes, startWatcher } from "./processes.ts";
import type { Watcher } from "./processes.ts";
import { runtimeOptions } from "./runtime-options.ts";
import type { Bindings } from "./runtime-options.ts";
import { nextSequence } from "./sequence.ts";
import { hashOf, readBody } from "./table-text.ts";
import { writeTokens } from "./write-tokens.ts";

export interface StartOptions {
  /** The table as `serializeTable` writes it. */
  readonly table: string;
  /** Where keys, state and tokens are kept, such as `.agentpolicy`; null: in a place that goes away with `stop`. */
  readonly directory: string | null;
  /** A free one unless given. */
  readonly port?: number;
  /** The policy's sequence number; counted in the directory unless given. */
  readonly sequence?: number;
  /** People of the policy in its own order: the first who may do something gets the token for it. */
  readonly listed?: readonly string[];
  /** Gets what the Worker writes to its log, line by line. */
  readonly log?: (line: string) => void;
  /** Variables and secrets of the Worker to replace, or with null to leave out: for tests of a deployment gone wrong. */
  readonly bindings?: Bindings;
  /** The Worker's code instead of this package's own: for benches of one with faults. */
  readonly worker?: string;
}

export interface LocalEdge {
  /** `http://127.0.0.1:PORT`: where it answers, and the audience of agents' assertions. */
  readonly url: string;
  readonly directory: string;
  /** The sequence number that runs now. */
  readonly sequence: () => number;
  /** Runs another table under the next sequence number; sessions, limits and switches stay. */
  readonly reload: (table: string, bindings?: Bindings) => Promise<void>;
  /** A person's token of the development issuer. */
  readonly personToken: (person: DevelopmentPerson) => Promise<string>;
  /** A requester's, which opens one session of this agent. */
  readonly requesterToken: (requester: DevelopmentRequester) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** @throws Failure when the port or directory is taken, or the Worker can't be started. */
export async function startEdge(options: StartOptions): Promise<LocalEdge> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "agentpolicy-")));
  if (options.directory !== null) await ownFolder(directory);
  const lock = await lockDirectory(directory);
  try {
    return await startLocked(options, directory, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(options: StartOptions, directory: string, lock: DirectoryLock): Promise<LocalEdge> {
  let keys = await readKeys(directory);
  const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
  const problem = await portProblem(port);
  if (problem !== null) throw environment(`port ${port} ${problem}`, "stop what uses it, or give another `--port`");
  const code = options.worker ?? (await bundleWorker()).code;
  const runtime = startRuntime(lock);
  const url = `http://127.0.0.1:${port}`;
  let sequence = 0;
  const run = async (table: string, bindings: Bindings = options.bindings ?? {}): Promise<void> => {
    // Another command may have rotated one.
    keys = await readKeys(directory);
    sequence = options.sequence ?? (await nextSequence(directory, hashOf(table)));
    await runtime.run(runtimeOptions({ code, table, keys, port, sequence, directory, bindings, log: options.log }));
    await writeTokens(directory, url, keys, readBody(table), options.listed);
  };
  try {
    await run(options.table);
  } catch (error) {
    await runtime.stop();
    throw error;
  }
  return {
    url,
    directory,
    sequence: () => sequence,
    reload: run,
    personToken: (person) => personToken(keys, person),
    requesterToken: (requester) => requesterToken(keys, requester),
    stop: async () => {
      await runtime.stop();
      lock.release();
      if (options.directory === null) await rm(directory, { recursive: true, force: true });
    },
  };
}

type RuntimeOptions = ReturnType<typeof runtimeOptions>;

interface Runtime {
  readonly run: (options: RuntimeOptions) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** One workerd at a time: the next one is started when the last one has ended. */
function startRuntime(lock: DirectoryLock): Runtime {
  const watcher: Watcher = startWatcher();
  let miniflare: Miniflare | null = null;
  return {
    run: async (options) => {
      const noting = setInterval(() => watcher.watch(ownRuntimes()), 20);
      try {
        if (miniflare === null) miniflare = new Miniflare(options);
        else await miniflare.setOptions(options);
        await miniflare.ready;
      } catch (error) {
        throw environment(`the Worker can't be started: ${firstLine(error)}`);
      } finally {
        clearInterval(noting);
        const pids = ownRuntimes();
        watcher.watch(pids);
        lock.note(pids);
      }
    },
    stop: async () => {
      await miniflare?.dispose();
      watcher.stop();
    },
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
