/** Tells when the policy's files have changed and settled. Looks at the files themselves: editors save in too many ways. */
import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Failure, fileProblem } from "../failure.ts";
import { neededFiles } from "../../compiler/index.ts";
import { policyFiles, readSources } from "../read-sources.ts";

/** Milliseconds between two looks; a change counts when two looks in a row see the same. */
const INTERVAL = 300;

/** The policy's files as they stood at one moment. */
export interface SeenPolicy {
  readonly path: string;
  readonly tools: readonly string[];
  readonly fingerprint: string;
}

/** To be called before the files are compiled: what is saved from then on is a change, also while the edge starts. */
export async function lookAtPolicy(path: string): Promise<SeenPolicy> {
  const tools = await toolFiles(path);
  return { path, tools, fingerprint: await fingerprint(path, tools) };
}

/** Calls `changed` after each change since `seen`, one call at a time, until the signal fires. */
export async function watchPolicy(seen: SeenPolicy, changed: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const { path } = seen;
  let { tools, fingerprint: known } = seen;
  let before = known;
  while (!signal.aborted) {
    await pauseOrStop(signal);
    const now = await fingerprint(path, tools);
    if (!signal.aborted && now !== known && now === before) {
      // The policy may name other catalogues than before; those are looked at from here on.
      tools = await toolFiles(path);
      known = await fingerprint(path, tools);
      await changed();
      before = known;
    } else before = now;
  }
}

async function pauseOrStop(signal: AbortSignal): Promise<void> {
  try {
    await pause(INTERVAL, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function toolFiles(path: string): Promise<readonly string[]> {
  try {
    return neededFiles(await readSources(path));
  } catch (error) {
    // A policy that can't be read names none; why it can't, the compiling that follows says.
    if (error instanceof Failure) return [];
    throw error;
  }
}

async function fingerprint(path: string, tools: readonly string[]): Promise<string> {
  try {
    const files = [...(await policyFiles(path)), ...tools];
    const parts = await Promise.all(files.map(async (file) => `${file} ${await look(file)}`));
    return parts.join("\n");
  } catch (error) {
    // The folder may be gone for a moment, as in a checkout of another branch; that is a state like any other.
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

async function look(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    // A state like any other, and another than those before and after it; what compiles then says what is wrong.
    return fileProblem(error);
  }
}
