/** Lines of a file, which may be larger than memory. Only a line feed ends one: `node:readline` would also end it at U+2028. */
import { createReadStream } from "node:fs";

export async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = "";
  const parts = createReadStream(file, { encoding: "utf8" }) as AsyncIterable<string>;
  for await (const part of parts) {
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
