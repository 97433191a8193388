/** `agentpolicy replay`: one session step by step, from an edge or from pulled records. */
import type { Command } from "commander";
import { logOf, readLogs, sessionSteps, sessionText } from "../../compiler/index.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { usage } from "../failure.ts";
import { readLogLines } from "../read-log-lines.ts";
import { isColoured, print, printJson, widthOf } from "../terminal.ts";

interface Options extends EdgeOptions {
  readonly log?: string;
  readonly json?: true;
}

export function replay(command: Command): void {
  withEdgeOptions(command)
    .description("Shows one session step by step: what was asked, decided, learned and voted, and why.")
    .argument("<session>", "its id, as `agentpolicy sessions` lists it")
    .option("--log <file>", "from what `audit pull` wrote, and not from the edge")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  agentpolicy replay ses_71sbpkjdkhdxmqqrg3ec6f6gdg")
    .action(run);
}

async function run(session: string, options: Options): Promise<void> {
  const lines = options.log === undefined ? await pulled(session, options) : await readLogLines([options.log], options);
  const log = logOf(readLogs(lines).logs, session);
  if (log === null)
    throw usage(`no record of session \`${session}\` is there`, "list sessions with `agentpolicy sessions`");
  const steps = sessionSteps(log);
  if (options.json) return printJson({ session, whole: log.whole, steps });
  print(sessionText(steps, { colour: isColoured("stdout"), width: Math.min(80, widthOf("stdout")) }));
}

async function pulled(session: string, options: EdgeOptions): Promise<readonly string[]> {
  const person = await personAt(options, "auditor");
  const lines: string[] = [];
  await person.records(session, (line) => void lines.push(line));
  return lines;
}
