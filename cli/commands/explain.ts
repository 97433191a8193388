import type { Command } from "commander";
import { explainText } from "../../compiler/index.ts";
import { compilePath, tableOrFrames } from "../compile-path.ts";
import { isColoured, print, widthOf } from "../terminal.ts";
import { requireAgent } from "./show.ts";

export function explainCommand(command: Command): void {
  command
    .description("Decides one request and says why: every rule that took part, each condition with its truth.")
    .argument("[path]", "a file, or a directory whose *.agentpolicy files are one policy", ".")
    .requiredOption("--agent <name>", "who asks")
    .requiredOption("--action <name>", "for what")
    .option("--args <json>", "with which arguments", "{}")
    .option("--session <json>", "labels and counts of the session")
    .addHelpText(
      "after",
      `\nExample:\n  agentpolicy explain --agent sales_bot --action crm.notes.write --args '{"deal":"d-1","text":"hi"}'`,
    )
    .action(run);
}
async function run(): Promise<void> {}
