/** Tells when the policy's files have changed and settled. Looks at the files themselves: editors save in too many ways. */
import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "../failure.ts";
import { policyFiles } from "../read-sources.ts";

/** Milliseconds between two looks; a change counts when two looks in a row see the same. */
const INTERVAL = 300;

/** Calls `changed` after each change, one call at a time, until the signal fires. */
export async function watchPolicy(path: string, changed: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let known = await fingerprint(path);
  let before = known;
  while (!signal.aborted) {
    await pause(INTERVAL, undefined, { signal }).catch(() => undefined);
    const now = await fingerprint(path);
    if (!signal.aborted && now !== known && now === before) {
      known = now;
      await changed();
    }
    before = now;
  }
}

async function fingerprint(path: string): Promise<string> {
  try {
    const files = await policyFiles(path);
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
  } catch {
    return "gone";
  }
}
