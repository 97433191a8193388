/** Records to look at: of files that `audit pull` wrote, or fresh from an edge. */
import { personAt } from "./edge-access.ts";
import type { EdgeOptions } from "./edge-access.ts";
import { pathFailure } from "./failure.ts";
import { readFile } from "node:fs/promises";
import { sessionIds } from "./session-ids.ts";
import { note } from "./terminal.ts";

/** Without files it is the edge that the options name. Throws a `Failure`. */
export async function readLogLines(files: readonly string[], options: EdgeOptions): Promise<readonly string[]> {
  return files.length > 0 ? linesOf(files) : pulledLines(options);
}

async function linesOf(files: readonly string[]): Promise<readonly string[]> {
  const texts = files.map(async (file) => {
    try {
      return await readFile(file, "utf8");
    } catch (error) {
      throw pathFailure(`\`${file}\``, error, "give what `agentpolicy audit pull -o` wrote");
    }
  });
  return (await Promise.all(texts)).flatMap((text) => text.split("\n"));
}

async function pulledLines(options: EdgeOptions): Promise<readonly string[]> {
  const person = await personAt(options, "auditor");
  const ids = await sessionIds(person, undefined);
  if (ids.length === 0) note("the edge has no sessions");
  const lines: string[] = [];
  // One after the other: they are read in the order in which the sessions were opened.
  // oxlint-disable-next-line no-await-in-loop
  for (const id of ids) await person.records(id, (line) => void lines.push(line));
  return lines;
}
