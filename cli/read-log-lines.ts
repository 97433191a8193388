/** Records to look at: of files that `audit pull` wrote, or fresh from an edge. */
import { pullRecords } from "./audit/pull-records.ts";
import { personAt } from "./edge-access.ts";
import type { EdgeOptions } from "./edge-access.ts";
import { pathFailure } from "./failure.ts";
import { readFile } from "node:fs/promises";
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

/** As `audit pull` does: of agents that the policy has no more, too, and of more sessions than an edge lists. */
async function pulledLines(options: EdgeOptions): Promise<readonly string[]> {
  const person = await personAt(options, "auditor");
  const lines: string[] = [];
  const { logs } = await pullRecords(person, {}, (line) => void lines.push(line));
  if (logs === ONLY_THE_BOARDS) note("the edge has no sessions");
  return lines;
}

const ONLY_THE_BOARDS = 1;
