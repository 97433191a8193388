/** `agentpolicy diff`: what two policies decide differently. Reads policies and tables, and no edge. */
import { Option } from "commander";
import type { Command } from "commander";
import { diffPolicies, diffText } from "../../compiler/index.ts";
import { tableAt } from "../table-at.ts";
import { isColoured, note, print, printJson, widthOf } from "../terminal.ts";

interface Options {
  readonly format: "text" | "json";
  readonly json?: true;
  readonly forbidLooser?: true;
}

const EXAMPLE = `
Examples:
  agentpolicy diff main/policies policies
  agentpolicy diff deployed-table.json policies --forbid-looser`;

export function diff(command: Command): void {
  command
    .description("Compares two policies by what they decide, with a request that shows each difference.")
    .argument("<old>", "a file, a directory, or a table that `agentpolicy compile` wrote")
    .argument("<new>", "the same")
    .addOption(new Option("--format <format>", "how to print it").choices(["text", "json"]).default("text"))
    .option("--json", "the same as --format json")
    .option("--forbid-looser", "exit with 1 when something is looser, or may be")
    .addHelpText("after", EXAMPLE)
    .action(run);
}

async function run(before: string, after: string, options: Options): Promise<void> {
  const old = await tableAt(before);
  const now = old === null ? null : await tableAt(after);
  if (old === null || now === null) return;
  const found = diffPolicies(old, now, { from: Date.now() });
  if (options.json || options.format === "json") printJson(found);
  else
    print(
      diffText(found, {
        colour: isColoured("stdout"),
        width: widthOf("stdout"),
        path: after.endsWith(".json") ? null : after,
      }),
    );
  if (options.forbidLooser && found.looser) {
    note("something is looser, or may be, and --forbid-looser doesn't allow it");
    process.exitCode = 1;
  }
}
