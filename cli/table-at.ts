/** A decision table from a path: a policy, or a table that was compiled before. */
import { readFile } from "node:fs/promises";
import { sha256Hex } from "../compiler/index.ts";
import { readTable, type Table } from "../engine/index.ts";
import { compilePath, tableOrFrames } from "./compile-path.ts";
import { environment, usage } from "./failure.ts";
import { statIfThere } from "./stat-if-there.ts";

/** Null, with frames and exit code 1, where a policy has errors. */
export async function tableAt(path: string): Promise<Table | null> {
  if (!path.endsWith(".json") || !(await isFile(path))) return tableOrFrames(await compilePath(path));
  const read = readTable(await jsonAt(path), sha256Hex);
  if (!read.ok) throw environment(`\`${path}\` isn't a table that can be read: ${read.problem}`);
  return read.table;
}

async function isFile(path: string): Promise<boolean> {
  return (await statIfThere(path))?.isFile() === true;
}

async function jsonAt(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8");
  try {
    return JSON.parse(text);
  } catch {
    throw usage(`\`${path}\` isn't JSON`, "name a table that `agentpolicy compile -o` wrote, or a policy");
  }
}
