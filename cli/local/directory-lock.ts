/**
 * One process at a time may run an edge over a directory: two would both count, and each would overwrite the other.
 * The lock is a file that names its owner and the runtime's process; a lock whose owner is gone is taken over, after
 * what it left running is gone too.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { environment } from "../failure.ts";
import type { Failure } from "../failure.ts";
import { isRunning, killRuntime, startOf } from "./processes.ts";

const ownerFile = z.object({
  pid: z.int(),
  /** Tells the owner from a later process with the same number. */
  started: z.string(),
  /** Processes of the runtime that the owner started. */
  runtime: z.array(z.int()),
});

type Owner = z.output<typeof ownerFile>;

export interface DirectoryLock {
  /** What the next owner has to wait for, should this one be killed. */
  note(runtime: readonly number[]): void;
  release(): void;
}

/** @throws Failure when the directory is another process's. */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, "lock");
  const owner: Owner = { pid: process.pid, started: startOf(process.pid), runtime: [] };
  for (let attempt = 0; attempt < 5; attempt++) {
    if (claim(path, owner)) return held(path, owner);
    const found = readOwner(path);
    if (found === null) continue;
    const { pid, started } = found.owner;
    if (isRunning(pid) && startOf(pid) === started) throw inUse(directory, pid);
    await waitForRuntime(found.owner.runtime);
    removeStale(path, found.text);
  }
  throw inUse(directory, null);
}

function inUse(directory: string, pid: number | null): Failure {
  const who = pid === null ? "" : ` (process ${pid})`;
  return environment(`another edge runs over \`${directory}\`${who}`, "stop it first, or give another directory");
}

/** A link either makes the whole file appear or fails, so that nobody reads half an owner. */
function claim(path: string, owner: Owner): boolean {
  const own = `${path}.${owner.pid}`;
  writeFileSync(own, JSON.stringify(owner), { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function readOwner(path: string): { readonly owner: Owner; readonly text: string } | null {
  try {
    const text = readFileSync(path, "utf8");
    return { owner: ownerFile.parse(JSON.parse(text)), text };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw environment(`the lock \`${path}\` can't be read`, "remove it if no edge runs over this directory");
  }
}

/** Takes the stale lock away under another name first: two that both saw it stale must not remove a fresh one. */
function removeStale(path: string, seen: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    // Somebody else was faster; the next attempt sees theirs.
    return;
  }
  if (readFileSync(aside, "utf8") !== seen) restore(aside, path);
  rmSync(aside, { force: true });
}

function restore(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch {
    // A third owner has come meanwhile, and theirs stands.
  }
}

/** The runtime ends with its owner, but not in the same instant; nor does what is killed, which holds files and port. */
async function waitForRuntime(runtime: readonly number[]): Promise<void> {
  await whileRunning(runtime);
  for (const pid of runtime) killRuntime(pid);
  await whileRunning(runtime);
}

/** Two seconds at most: the number may be some other program's by now. */
async function whileRunning(runtime: readonly number[]): Promise<void> {
  for (let waited = 0; waited < 40 && runtime.some(isRunning); waited++) await pause(50);
}

function held(path: string, owner: Owner): DirectoryLock {
  return {
    note(runtime) {
      const fresh = `${path}.${owner.pid}`;
      writeFileSync(fresh, JSON.stringify({ ...owner, runtime }), { mode: 0o600 });
      renameSync(fresh, path);
    },
    release() {
      rmSync(path, { force: true });
    },
  };
}
