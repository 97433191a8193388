/** `agentpolicy exports`: how the records' exports go, what a sink didn't take, and sending that again. */
import type { Command } from "commander";
import { BadRequest } from "../../sdk/index.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { Failure } from "../failure.ts";
import { inert } from "../inert.ts";
import { requireReason } from "../switch-target.ts";
import { colours, note, noteText, print, printBeside, printData, printJson } from "../terminal.ts";

interface Options extends EdgeOptions {
  readonly json?: true;
}

export function exportsCommand(command: Command): void {
  withEdgeOptions(command)
    .description("Lists where records are exported to, with what waits, how long, and what went wrong.")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExamples:\n  agentpolicy exports\n  agentpolicy exports dead siem")
    .helpCommand(false)
    .enablePositionalOptions()
    .action(list);
  withEdgeOptions(command.command("dead"))
    .argument("<sink>", "its name in the deployment's exports")
    .summary("list records that a sink didn't take")
    .description("Lists the records that a sink didn't take, and why.")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  agentpolicy exports dead siem")
    .action(dead);
  withEdgeOptions(command.command("requeue"))
    .argument("<sink>", "its name in the deployment's exports")
    .summary("send them again")
    .description("Sends the records that a sink didn't take again, before anything else.")
    .option("--reason <text>", "why; it goes on record (required)")
    .addHelpText("after", '\nExample:\n  agentpolicy exports requeue siem --reason "its disk has room again"')
    .action(requeue);
}

async function list(options: Options): Promise<void> {
  const found = await (await personAt(options, "operator")).exports();
  if (options.json) return printJson({ exports: found });
  if (found.length === 0) return note("this deployment exports nothing; see docs/export.md");
  const paint = colours("stdout");
  for (const { name, waiting, lag_seconds, sent, failed, dead: letters, problem } of found) {
    const waits = waiting === 0 ? "nothing waits" : `${waiting} wait, the oldest for ${lag_seconds} s`;
    printData(`${paint.bold(name)}  ${waits}; ${sent} sent, ${failed} tries failed, ${letters} dead letters`, "    ");
    if (problem !== null) print(`    ${paint.yellow("last:")} ${inert(problem)}`);
  }
  const holder = found.find((sink) => sink.dead > 0);
  if (holder !== undefined) noteText(`which records, and why: \`agentpolicy exports dead ${inert(holder.name)}\``);
}

async function dead(sink: string, options: Options): Promise<void> {
  const person = await personAt(options, "operator");
  const letters = await ofSink(person.deadLetters(sink));
  if (options.json) return printJson({ dead: letters });
  if (letters.length === 0) return noteText(`\`${inert(sink)}\` has no dead letters; ${WAITING}`);
  for (const { log, seq, at, problem, again } of letters)
    printBeside(`${at}  ${inert(log)} ${seq}`, `${inert(problem)}${again ? "  (goes out again)" : ""}`);
}

const WAITING = "what waits is tried again by itself, as `agentpolicy exports` shows";

interface RequeueOptions extends EdgeOptions {
  readonly reason?: string;
}

async function requeue(sink: string, options: RequeueOptions): Promise<void> {
  const reason = requireReason(options.reason, "sending records again");
  const person = await personAt(options, "operator");
  const count = await ofSink(person.requeue(sink, reason));
  if (count === 0)
    return noteText(`\`${inert(sink)}\` has no dead letters, so that nothing goes out again; ${WAITING}`);
  print(`${count} record${count === 1 ? "" : "s"} of ${inert(sink)} go out again${person.as}`);
}

async function ofSink<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof BadRequest) || error.status !== 404) throw error;
    throw new Failure(1, error.message, "`agentpolicy exports` lists those it has");
  }
}
