/** Files appear whole or not at all: written beside their place, then renamed into it. */
import { existsSync } from "node:fs";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { environment, fileProblem, usage } from "./failure.ts";

export interface WriteOptions {
  /** File mode, such as 0o600. */
  readonly mode?: number;
  /** Refuse when something stands there already, however late it came. */
  readonly exclusive?: boolean;
}

export async function writeWhole(path: string, text: string, options: WriteOptions = {}): Promise<void> {
  const directory = dirname(path);
  const draft = join(directory, `.${basename(path)}.${process.pid}.tmp`);
  try {
    await makeFolder(directory);
    const file = await open(draft, "wx", options.mode ?? 0o666);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link, unlike a rename, never replaces what stands there.
    if (options.exclusive) await link(draft, path);
    else await rename(draft, path);
  } catch (error) {
    if (options.exclusive && error instanceof Error && "code" in error && error.code === "EEXIST") {
      throw usage(`\`${path}\` exists already, and is left as it is`);
    }
    throw environment(`\`${path}\` can't be written: it ${fileProblem(error)}`);
  } finally {
    await removeDraft(draft);
  }
}

/** Node's own recursive `mkdir` never returns where a folder can't be made although its parent is there (`/proc`). */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EEXIST") return;
    const above = dirname(path);
    if (code !== "ENOENT" || above === path || existsSync(above)) throw error;
    await makeFolder(above);
    await mkdir(path);
  }
}

/** Whatever kept the file from being written may keep the draft from being there; the first error is the one to tell. */
async function removeDraft(draft: string): Promise<void> {
  try {
    await rm(draft, { force: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOTDIR")) throw error;
  }
}
