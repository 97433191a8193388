/** `agentpolicy who-can`: which agents can do an action. Reads a policy, and no edge. */
import { Option } from "commander";
import type { Command } from "commander";
import { actionsSelected, whoCan, whoCanText, whoCanTexts } from "../../compiler/index.ts";
import { compilePath, tableOrFrames } from "../compile-path.ts";
import { usage } from "../failure.ts";
import { isColoured, print, printJson, widthOf } from "../terminal.ts";

interface Options {
  readonly format: "text" | "json";
  readonly json?: true;
  readonly rules?: true;
}

export function whoCanCommand(command: Command): void {
  command
    .description("Lists the agents that can do an action: under which tier, within which limits, and through whom.")
    .argument("<action>", "an action's name, or several by prefix or class: email.send, 'email.*', external")
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .addOption(new Option("--format <format>", "how to print it").choices(["text", "json"]).default("text"))
    .option("--json", "the same as --format json")
    .option("--rules", "also the rules that grant it and the limits that count it")
    .addHelpText(
      "after",
      "\nExamples:\n  agentpolicy who-can payments.refund policies/ --rules\n  agentpolicy who-can 'payments.*'",
    )
    .action(run);
}

async function run(name: string, path: string, options: Options): Promise<void> {
  const table = tableOrFrames(await compilePath(path));
  if (table === null) return;
  const selected = actionsSelected(table, name);
  if (!selected.ok) throw usage(selected.problem, selected.help);
  const found = selected.actions.map((action) => whoCan(table, action, { from: Date.now() }));
  const [first] = found;
  const single = selected.one && first !== undefined ? first : null;
  if (options.json || options.format === "json") return printJson(single ?? { selector: name, actions: found });
  const style = { colour: isColoured("stdout"), width: widthOf("stdout"), rules: options.rules === true };
  print(single === null ? whoCanTexts(found, style) : whoCanText(single, style));
}
