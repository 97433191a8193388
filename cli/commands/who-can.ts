/** `agentpolicy who-can`: which agents can do an action. Reads a policy, and no edge. */
import { Option } from "commander";
import type { Command } from "commander";
import { whoCan, whoCanText } from "../../compiler/index.ts";
import { compilePath, tableOrFrames } from "../compile-path.ts";
import { usage } from "../failure.ts";
import { nearest } from "../nearest.ts";
import { isColoured, print, printJson, widthOf } from "../terminal.ts";

interface Options {
  readonly format: "text" | "json";
  readonly json?: true;
  readonly rules?: true;
}

export function whoCanCommand(command: Command): void {
  command
    .description("Lists the agents that can do an action: under which tier, within which limits, and through whom.")
    .argument("<action>", "the action's name, such as email.send")
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .addOption(new Option("--format <format>", "how to print it").choices(["text", "json"]).default("text"))
    .option("--json", "the same as --format json")
    .option("--rules", "also the rules that grant it and the limits that count it")
    .addHelpText("after", "\nExample:\n  agentpolicy who-can payments.refund policies/ --rules")
    .action(run);
}

async function run(name: string, path: string, options: Options): Promise<void> {
  const table = tableOrFrames(await compilePath(path));
  if (table === null) return;
  const action = table.body.actions.find((one) => one.name === name);
  if (action === undefined) {
    const names = table.body.actions.map((one) => one.name);
    throw usage(`the policy has no action \`${name}\``, nearest(name, names));
  }
  const found = whoCan(table, action, { from: Date.now() });
  if (options.json || options.format === "json") return printJson(found);
  const style = { colour: isColoured("stdout"), width: widthOf("stdout") };
  print(whoCanText(found, { ...style, rules: options.rules === true }));
}
