import type { Command } from "commander";
import { explainText, readScenario } from "../../compiler/index.ts";
import { explain, formatDecimal, prepare } from "../../engine/index.ts";
import { compilePath, tableOrFrames } from "../compile-path.ts";
import { usage } from "../failure.ts";
import { isColoured, print, widthOf } from "../terminal.ts";

interface Options {
  readonly agent: string;
  readonly action: string;
  readonly args?: string;
  readonly session?: string;
  readonly json?: true;
}

const EXAMPLE = `
Examples:
  agentpolicy explain --agent sales_bot --action crm.notes.write --args '{"deal":"d-1","text":"hi"}'
  agentpolicy explain --agent sales_bot --action mail.draft --args … --session '{"labels":["untrusted"]}'`;

export function explainCommand(command: Command): void {
  command
    .description("Decides one request and says why: every rule that took part, each condition with its truth.")
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .requiredOption("--agent <name>", "who asks")
    .requiredOption("--action <name>", "for what")
    .option("--args <json>", "with which arguments")
    .option("--session <json>", "what the session knows: labels, did, counts, approved, requester, at, …")
    .option("--json", "print as JSON")
    .addHelpText("after", EXAMPLE)
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const table = tableOrFrames(await compilePath(path));
  if (table === null) return;
  const { agent, action, args = null, session = null } = options;
  const scenario = readScenario({ agent, action, args, session, now: Date.now() }, table);
  if (!scenario.ok) throw usage(scenario.problem);
  const explanation = explain(prepare(table), scenario.request, scenario.state);
  if (options.json) return print(JSON.stringify(explanation, decimals, 2));
  print(explainText(explanation, table, { colour: isColoured("stdout"), width: widthOf("stdout") }));
}

/** Amounts are scaled big integers inside; outside they are written as the policy writes them. */
function decimals(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? formatDecimal(value) : value;
}
