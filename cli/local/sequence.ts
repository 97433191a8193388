/**
 * The policy's sequence number on this machine: one more whenever another table is run, an older one too. Objects refuse
 * a lower number than they have seen, so it is written before the Worker starts with it.
 */
import { join } from "node:path";
import * as z from "zod";
import { environment } from "../failure.ts";
import { writeWhole } from "../write-file.ts";
import { parseJson, readIfThere } from "./read-state.ts";

const kept = z.object({ sequence: z.int().min(1), hash: z.string() });

export async function nextSequence(directory: string, hash: string): Promise<number> {
  const path = join(directory, "sequence.json");
  const text = await readIfThere(path);
  const last = text === null ? { sequence: 0, hash: "" } : kept.safeParse(parseJson(text)).data;
  if (last === undefined) throw environment(`\`${path}\` is damaged`, "restore the file, or start anew with `--fresh`");
  if (last.hash === hash) return last.sequence;
  const sequence = last.sequence + 1;
  await writeWhole(path, `${JSON.stringify({ sequence, hash })}\n`);
  return sequence;
}
