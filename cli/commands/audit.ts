/** `agentpolicy audit …`: pulls the records of an edge, verifies them, asks what they tell, and erases arguments. */
import type { Command } from "commander";
import { verifyRecords } from "../../sdk/index.ts";
import type { RecordsReport } from "../../sdk/index.ts";
import { checkpointKeys } from "../audit/checkpoint-keys.ts";
import { keptCheckpoints } from "../audit/kept-checkpoints.ts";
import { linesOf } from "../audit/lines-of.ts";
import { pullRecords } from "../audit/pull-records.ts";
import { reportText } from "../audit/report-text.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { Failure, pathFailure } from "../failure.ts";
import { visibleJson } from "../inert.ts";
import { listOf } from "../option-values.ts";
import { note, print, printData, printJson } from "../terminal.ts";
import { writeWhole } from "../write-file.ts";
import { eraseCommand } from "./erase.ts";
import { unusedCommand } from "./unused.ts";
import { whatIfCommand } from "./what-if.ts";

interface PullOptions extends EdgeOptions {
  readonly out?: string;
  readonly session?: string;
  readonly agent?: string;
}

export function audit(command: Command): void {
  command
    .description("Records of what was asked, decided and switched.")
    .helpCommand(false)
    .addHelpText(
      "after",
      "\nExamples:\n  agentpolicy audit pull -o records.ndjson\n  agentpolicy audit verify records.ndjson",
    );
  withEdgeOptions(command.command("pull"))
    .summary("fetch records")
    .description(
      "Fetches records as newline-delimited JSON, session by session, and what the ledger has signed of them. With " +
        "--session or --agent that is a proof of each log's last record, without them the whole ledger.",
    )
    .option("-o, --out <file>", "write to this file, whole or not at all")
    .option("--session <id>", "only this session")
    .option("--agent <name>", "only this agent's sessions")
    .addHelpText("after", "\nExample:\n  agentpolicy audit pull -o records.ndjson")
    .action(pull);
  command
    .command("verify")
    .argument("<file>", "what `audit pull` wrote")
    .summary("check the chain of records")
    .description(
      "Checks pulled records offline, by their own chains and by the ledger's checkpoints, and names what doesn't fit. " +
        "Exit code 1 when anything doesn't.",
    )
    .option(
      "--key <key>",
      "public key that checkpoints must be signed by: itself or a file with it; repeatable",
      listOf,
    )
    .option("--kept <file>", "a log or checkpoint that you kept from earlier, to be continued; repeatable", listOf)
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  agentpolicy audit verify records.ndjson --key jwks.json --kept last-week.ndjson",
    )
    .action(verify);
  eraseCommand(command.command("erase"));
  whatIfCommand(command.command("what-if"));
  unusedCommand(command.command("unused"));
}

async function pull(options: PullOptions): Promise<void> {
  const person = await personAt(options, "auditor");
  const lines: string[] = [];
  const { records, logs } = await pullRecords(person, options, (line) => {
    // A program gets the lines as the edge wrote them, so that they verify; a terminal nothing that moves its cursor.
    if (options.out === undefined) print(process.stdout.isTTY ? visibleJson(line) : line);
    else lines.push(line);
  });
  if (options.out === undefined) return;
  await writeWhole(options.out, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  note(`${records} record${records === 1 ? "" : "s"} of ${logs} log${logs === 1 ? "" : "s"} in ${options.out}`);
}

interface VerifyOptions {
  readonly json?: true;
  readonly key?: readonly string[];
  readonly kept?: readonly string[];
}

async function verify(file: string, options: VerifyOptions): Promise<void> {
  const keys = await checkpointKeys(options.key ?? []);
  const kept = await keptCheckpoints(options.kept ?? []);
  let report: RecordsReport;
  try {
    report = await verifyRecords(linesOf(file), { keys, kept });
  } catch (error) {
    if (error instanceof Error && "code" in error) throw pathFailure(`\`${file}\``, error);
    throw error;
  }
  if (report.records > 0 && report.sessions.length === 0 && !options.json) {
    throw new Failure(
      1,
      `\`${file}\` isn't a record file: no line of it is a record`,
      "give what `agentpolicy audit pull -o` wrote",
    );
  }
  if (!report.ok) process.exitCode = 1;
  if (options.json) return printJson(report);
  printData(reportText(report), "  ");
}
