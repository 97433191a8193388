/** `agentpolicy audit …`: pulls the records of an edge, verifies them and asks what they tell; changes nothing there. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { verifyRecords } from "../../sdk/index.ts";
import type { RecordsReport } from "../../sdk/index.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { Failure, pathFailure } from "../failure.ts";
import { inert, visibleJson } from "../inert.ts";
import { sessionIds } from "../session-ids.ts";
import { colours, note, print, printJson } from "../terminal.ts";
import { writeWhole } from "../write-file.ts";
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
    .description("Fetches records as newline-delimited JSON, session by session.")
    .option("-o, --out <file>", "write to this file, whole or not at all")
    .option("--session <id>", "only this session")
    .option("--agent <name>", "only this agent's sessions")
    .addHelpText("after", "\nExample:\n  agentpolicy audit pull -o records.ndjson")
    .action(pull);
  command
    .command("verify")
    .argument("<file>", "what `audit pull` wrote")
    .summary("check the chain of records")
    .description("Checks pulled records offline and names the first that doesn't fit. Exit code 1 when one doesn't.")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  agentpolicy audit verify records.ndjson")
    .action(verify);
  whatIfCommand(command.command("what-if"));
  unusedCommand(command.command("unused"));
}

async function pull(options: PullOptions): Promise<void> {
  const person = await personAt(options, "auditor");
  const ids = options.session ? [options.session] : await sessionIds(person, options.agent);
  const lines: string[] = [];
  for (const id of ids) {
    await person.records(id, (line) => {
      // A program gets the lines as the edge wrote them, so that they verify; a terminal nothing that moves its cursor.
      if (options.out === undefined) print(process.stdout.isTTY ? visibleJson(line) : line);
      else lines.push(line);
    });
  }
  if (options.out === undefined) return;
  await writeWhole(options.out, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  note(`${lines.length} records of ${ids.length} session${ids.length === 1 ? "" : "s"} in ${options.out}`);
}

async function verify(file: string, options: { readonly json?: true }): Promise<void> {
  let report: RecordsReport;
  try {
    report = await verifyRecords(
      createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }),
    );
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
  print(reportText(report));
}

function reportText(report: RecordsReport): string {
  const paint = colours("stdout");
  const lines = report.sessions.map((one) => {
    const mark = one.problem === null ? paint.green("ok ") : paint.red("bad");
    return `${mark} ${inert(one.session)}  records ${one.first} to ${one.last}, with the head\n    ${inert(one.head)}`;
  });
  if (report.problem !== null) {
    const { line, session, seq, what } = report.problem;
    lines.push(paint.red("the first that doesn't fit:"));
    lines.push(session === null ? `    line ${line}` : `    line ${line}, record ${seq} of ${inert(session)}`);
    lines.push(`    it ${what}`);
  }
  lines.push(`${report.records} records, ${report.ok ? "every one fits" : "not all fit"}`, ...uncheckedText(report));
  return lines.join("\n");
}

function uncheckedText({ unchecked, sessions }: RecordsReport): readonly string[] {
  const lines: string[] = [];
  if (unchecked.args > 0)
    lines.push(`not checked: arguments of ${unchecked.args} records, which don't say what theirs were`);
  if (unchecked.absent_args > 0)
    lines.push(`not checked: arguments of ${unchecked.absent_args} records, which were erased or taken out`);
  if (unchecked.without_beginning > 0)
    lines.push(`not checked: what came before, in ${unchecked.without_beginning} sessions`);
  if (sessions.length > 0) lines.push("not checked: whether the end is missing; compare the heads with the edge");
  return lines;
}
