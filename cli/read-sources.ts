/** A path from the command line to the policy's sources: one file, or every `.agentpolicy` below a directory. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { neededFiles } from "../compiler/index.ts";
import type { Source } from "../dsl/index.ts";
import { environment, fileProblem, pathFailure, usage } from "./failure.ts";
import { keepOldSmall } from "./small-heap.ts";
import { statIfThere } from "./stat-if-there.ts";

const EXTENSION = ".agentpolicy";

/** A source, and where it was read. */
export interface SourceFile extends Source {
  readonly path: string;
}

/** Sorted by name, so that messages come in one order everywhere. Throws a `Failure`. */
export async function readSources(path: string): Promise<readonly SourceFile[]> {
  const files = await policyFiles(path);
  const sources: SourceFile[] = [];
  for (const file of files) sources.push({ name: shownName(file), text: await readText(file), path: file });
  keepOldSmall(sources);
  return sources;
}

/** Texts of the tool catalogues that the sources name, by path. One that isn't there is left out: `compile` tells it. */
export async function readToolFiles(sources: readonly Source[]): Promise<{ readonly [path: string]: string }> {
  const read = neededFiles(sources).map(async (path) => [path, await readIfThere(path)] as const);
  return Object.fromEntries((await Promise.all(read)).flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
}

async function readIfThere(path: string): Promise<string | null> {
  const found = await statIfThere(path);
  return found?.isFile() === true ? await readText(path, true) : null;
}

/** The files themselves, as they are watched. */
export async function policyFiles(path: string): Promise<readonly string[]> {
  const kind = await kindOf(path);
  if (kind === "file") return [path];
  const files = await policyFilesBelow(path);
  if (files.length === 0) {
    throw usage(`\`${path}\` holds no \`*${EXTENSION}\` file`, "name a policy, or write one with `agentpolicy init`");
  }
  return files.toSorted();
}

async function kindOf(path: string): Promise<"file" | "directory"> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return "directory";
    if (found.isFile()) return "file";
  } catch (error) {
    throw pathFailure(`\`${path}\``, error);
  }
  throw usage(`\`${path}\` is neither a file nor a directory`);
}

/** Dot directories and `node_modules` hold other people's policies and our own state. Links to directories may loop. */
export async function policyFilesBelow(directory: string): Promise<string[]> {
  const found: string[] = [];
  let entries;
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    throw environment(`\`${directory}\` ${fileProblem(error)}`);
  }
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && entry.name !== "node_modules") found.push(...(await policyFilesBelow(path)));
    } else if (entry.name.endsWith(EXTENSION)) {
      found.push(path);
    }
  }
  return found;
}

/** Without a byte order mark, unless `exact`: a hash is over every byte. */
export async function readText(file: string, exact = false): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw environment(`\`${file}\` ${fileProblem(error)}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: exact }).decode(bytes);
  } catch {
    throw usage(`\`${file}\` isn't UTF-8 text`, "save it as UTF-8; a policy is plain text");
  }
}

/** As messages show it: from the current directory, with `/`. */
function shownName(file: string): string {
  const name = relative(process.cwd(), file);
  return (name.startsWith("..") ? file : name).split(sep).join("/");
}
