/** What an import reads: a file, or standard input for `-`. */
import { positionOf } from "../../dsl/index.ts";
import type { ReadText } from "../../compiler/index.ts";
import { pathFailure, usage } from "../failure.ts";
import { readFile } from "node:fs/promises";

export interface Input {
  /** As messages call it. */
  readonly name: string;
  readonly text: string;
}

export async function readInput(path: string): Promise<Input> {
  if (path !== "-") return { name: `\`${path}\``, text: decode(await bytesOf(path), path) };
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return { name: "standard input", text: decode(Buffer.concat(chunks), "standard input") };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw pathFailure(`\`${path}\``, error);
  }
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usage(`${name} isn't UTF-8 text`, "save it as UTF-8");
  }
}

/** The value, or a `Failure` that says where the text goes wrong. */
export function readOrFail<Value>(read: ReadText<Value>, { name, text }: Input): Value {
  if (read.ok) return read.value;
  if (read.at === null) throw usage(`${name} ${read.problem}`);
  const { line, column } = positionOf(text, read.at);
  throw usage(`${name} ${read.problem}: line ${line}, column ${column}`);
}
