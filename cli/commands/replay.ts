/** `agentpolicy replay`: one session step by step, from an edge or from pulled records. */
import type { Command } from "commander";
import { logOf, nameRules, readLogs, sessionSteps, sessionText } from "../../compiler/index.ts";
import type { Person } from "../../sdk/index.ts";
import { orWhereToLook } from "../client-error.ts";
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
  if (session === "board")
    throw usage(
      "the log of the board is of no session",
      "see `agentpolicy switches --history`, `agentpolicy sets NAME --history`, or pull it with `agentpolicy audit pull`",
    );
  const person = options.log === undefined ? await personAt(options, "auditor") : null;
  const lines = person === null ? await readLogLines([options.log ?? ""], options) : await pulled(person, session);
  const log = logOf(readLogs(lines).logs, session);
  if (log === null)
    throw usage(`no record of session \`${session}\` is there`, "list sessions with `agentpolicy sessions`");
  const steps = sessionSteps(log);
  if (options.json) return printJson({ session, whole: log.whole, steps });
  const rules = person === null ? [] : await person.rules();
  const told = nameRules(steps, new Map(rules.map(({ id, text }) => [id, text])));
  print(sessionText(told, { colour: isColoured("stdout"), width: Math.min(80, widthOf("stdout")) }));
}

async function pulled(person: Person, session: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const read = person.records(session, (line) => void lines.push(line));
  await orWhereToLook(read, "list sessions with `agentpolicy sessions`");
  return lines;
}
