/** `agentpolicy audit what-if`: what another policy would have decided. Sends nothing but the reading of records. */
import type { Command } from "commander";
import { readLogs, whatIf, whatIfText } from "../../compiler/index.ts";
import { prepare } from "../../engine/index.ts";
import { withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { Failure } from "../failure.ts";
import { readLogLines } from "../read-log-lines.ts";
import { tableAt } from "../table-at.ts";
import { isColoured, print, printJson, widthOf } from "../terminal.ts";

interface Options extends EdgeOptions {
  readonly policy: string;
  readonly json?: true;
}

export function whatIfCommand(command: Command): void {
  withEdgeOptions(command)
    .summary("decide recorded requests under another policy")
    .description("Decides recorded requests again under another policy, and shows what would change.")
    .argument("[logs...]", "what `audit pull` wrote; without any, the records of the edge")
    .requiredOption("--policy <path>", "the policy to try: a file, a directory, or a compiled table")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  agentpolicy audit what-if --policy next/ records.ndjson\n  agentpolicy audit what-if --policy next/",
    )
    .action(run);
}

async function run(files: readonly string[], options: Options): Promise<void> {
  const table = await tableAt(options.policy);
  if (table === null) return;
  const logs = readLogs(await readLogLines(files, options));
  if (logs.logs.length === 0 && logs.unreadable > 0)
    throw new Failure(1, "no line of these files is a record", "give what `agentpolicy audit pull -o` wrote");
  const report = whatIf(prepare(table), logs);
  if (options.json) return printJson(report);
  print(whatIfText(report, { colour: isColoured("stdout"), width: widthOf("stdout") }));
}
