/** `agentpolicy explain`: one request, decided here by the edge's engine, with every rule that took part. */
import type { Command } from "commander";
import { explainScenario, explainText, readScenario, tableDespiteClaims } from "../../compiler/index.ts";
import { formatDecimal, prepare } from "../../engine/index.ts";
import { compilePath, tableOrFrames } from "../compile-path.ts";
import { usage } from "../failure.ts";
import { visibleJson } from "../inert.ts";
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
  agentpolicy explain --agent sales_bot --action crm.notes.write \\
    --args '{"deal":"d-1","text":"hi"}'
  agentpolicy explain --agent sales_bot --action mail.draft --args … \\
    --session '{"labels":["untrusted"]}'

A session states, each only where it matters:
  labels ["untrusted"]      roles ["approver"]      approved ["lead_review"]
  callers ["planner"], the root first               live {"vendors":["Acme"]}
  did ["crm.read", {"action":"crm.read","args":{…},"ago":"5m"}]
  calls 12   age "10m"      counts {"LIMIT":"480.50"}
  requester "kim@acme.example"   claims {"groups":["finance"]}   task "…"
  at "2026-11-23T10:00:00+01:00"   environment   ip   country   confidence 0.9`;

export function explainCommand(command: Command): void {
  command
    .description("Decides one request and says why: every rule that took part, each condition with its truth.")
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .requiredOption("--agent <name>", "who asks")
    .requiredOption("--action <name>", "for what")
    .option("--args <json>", "with which arguments")
    .option("--session <json>", "what the session knows: labels, did, counts, approved, roles, live, callers, …")
    .option("--json", "print as JSON")
    .addHelpText("after", EXAMPLE)
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const compiled = await compilePath(path);
  const table = tableDespiteClaims(compiled.compilation) ?? tableOrFrames(compiled);
  if (table === null) return;
  const { agent, action, args = null, session = null } = options;
  const scenario = readScenario({ agent, action, args, session, now: Date.now() }, table);
  if (!scenario.ok) throw usage(scenario.problem);
  const explanation = explainScenario(prepare(table), scenario.request, scenario.state);
  if (options.json) return print(visibleJson(JSON.stringify(explanation, decimals, 2)));
  print(explainText(explanation, table, { agent, colour: isColoured("stdout"), width: widthOf("stdout") }));
}

/** Amounts are scaled big integers inside; outside they are written as the policy writes them. */
function decimals(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? formatDecimal(value) : value;
}
