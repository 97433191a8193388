/** `agentpolicy audit …`: pulls the records of an edge, verifies them and asks what they tell; changes nothing there. */
import type { Command } from "commander";
import { BadRequest, verifyRecords } from "../../sdk/index.ts";
import type { Person, RecordsReport } from "../../sdk/index.ts";
import { checkpointKeys } from "../audit/checkpoint-keys.ts";
import { keptCheckpoints } from "../audit/kept-checkpoints.ts";
import { linesOf } from "../audit/lines-of.ts";
import { pullAnchors, pullWholeLedger } from "../audit/pull-ledger.ts";
import { reportText } from "../audit/report-text.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { Failure, pathFailure } from "../failure.ts";
import { visibleJson } from "../inert.ts";
import { listOf } from "../option-values.ts";
import { sessionIds } from "../session-ids.ts";
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
  const take = (line: string): void => {
    // A program gets the lines as the edge wrote them, so that they verify; a terminal nothing that moves its cursor.
    if (options.out === undefined) print(process.stdout.isTTY ? visibleJson(line) : line);
    else lines.push(line);
  };
  const partly = options.session !== undefined || options.agent !== undefined;
  const chosen = await chosenLogs(person, options);
  await anchorOpen(person, options);
  // First the ledger: what is anchored meanwhile stands in the logs then.
  const ledger = await (partly ? pullAnchors(person, chosen) : pullWholeLedger(person));
  const logs = partly ? chosen : [...new Set([...chosen, ...ledger.logs.filter((log) => log !== BOARD), BOARD])];
  for (const log of logs) await readLog(person, log, take, options);
  const records = lines.length;
  for (const line of ledger.lines) take(line);
  if (options.out === undefined) return;
  await writeWhole(options.out, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  note(
    `${records} record${records === 1 ? "" : "s"} of ${logs.length} log${logs.length === 1 ? "" : "s"} in ${options.out}`,
  );
}

/** A session below another has its root's log. */
async function chosenLogs(person: Person, { session, agent }: PullOptions): Promise<readonly string[]> {
  const ids = session === undefined ? await sessionIds(person, agent) : [session];
  return [...new Set(ids.map((id) => id.split(".", 1)[0] ?? id))];
}

/** A session whose opening was cut off is listed and has no log; and one that is gone is for `verify` to name. */
async function readLog(
  person: Person,
  log: string,
  take: (line: string) => void,
  { session }: PullOptions,
): Promise<void> {
  try {
    await person.records(log, take);
  } catch (error) {
    const absent = error instanceof BadRequest && error.status === 404;
    if (!absent || session !== undefined) throw error;
  }
}

/** What a session has just written is handed over when its last record is asked for. */
async function anchorOpen(person: Person, { session, agent }: PullOptions): Promise<void> {
  const listed = session === undefined ? await person.sessions(agent) : [];
  const open = listed.filter(({ status }) => status !== "ended").map(({ root }) => root);
  for (const log of session === undefined ? new Set([...open, BOARD]) : [session]) await person.headProof(log);
}

/** The log of what concerns no session. */
const BOARD = "board";

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
