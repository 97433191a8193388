/** `agentpolicy audit unused`: grants that nobody used, as a patch to the policy. Changes no file. */
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import { findUnused, readLogs, unusedText } from "../../compiler/index.ts";
import { compilePath, tableOrFrames } from "../compile-path.ts";
import { withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { listOf } from "../option-values.ts";
import { readLogLines } from "../read-log-lines.ts";
import { isColoured, note, print, printJson, widthOf } from "../terminal.ts";

interface Options extends EdgeOptions {
  /** Milliseconds. */
  readonly since: number;
  readonly log?: readonly string[];
  readonly json?: true;
}

const DAY = 86_400_000;
const UNITS: { readonly [unit: string]: number } = { h: 3_600_000, d: DAY };

export function unusedCommand(command: Command): void {
  withEdgeOptions(command)
    .summary("list grants that nobody used, as a patch")
    .description("Lists grants that no record made use of, and prints a patch that takes them away.")
    .argument("[path]", "the policy: a file or a directory", ".")
    .option("--since <duration>", "how far back to look, such as 90d or 12h", duration, 90 * DAY)
    .option("--log <file>", "what `audit pull` wrote (several times for several); else the edge's records", listOf)
    .option("--json", "print as JSON, the patch too")
    .addHelpText(
      "after",
      "\nExamples:\n  agentpolicy audit unused policies --since 90d\n  agentpolicy audit unused policies --log records.ndjson | git apply",
    )
    .action(run);
}

function duration(text: string): number {
  const parts = /^(\d{1,5})([hd])$/.exec(text);
  if (parts === null) throw new InvalidArgumentError("give a duration such as 90d or 12h");
  return Number(parts[1]) * (UNITS[parts[2] ?? ""] ?? DAY);
}

/** The list is for people, on standard error; the patch is the data. */
async function run(path: string, { since, log, json, ...edge }: Options): Promise<void> {
  const compiled = await compilePath(path);
  const table = tableOrFrames(compiled);
  if (table === null) return;
  const { sources, options } = compiled;
  const logs = readLogs(await readLogLines(log ?? [], edge));
  const report = findUnused({ table, sources, options }, logs, Date.now() - since);
  if (json) return printJson(report);
  note(unusedText(report, { colour: isColoured("stderr"), width: widthOf("stderr") }));
  if (report.patch !== "") print(report.patch);
}
