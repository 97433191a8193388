/** `agentpolicy canary new`: makes a marker and its declaration. The marker is printed once and kept nowhere. */
import type { Command } from "commander";
import { usage } from "../failure.ts";
import { newCanary } from "../new-canary.ts";
import { note, print, printJson } from "../terminal.ts";

interface Options {
  readonly json?: true;
}

export function canary(command: Command): void {
  command
    .description("Markers to plant in data.")
    .helpCommand(false)
    .addHelpText("after", "\nExample:\n  agentpolicy canary new crm_bait");
  command
    .command("new")
    .argument("<name>", "name of the canary, as the policy shall call it")
    .summary("make a marker to plant in data")
    .description(
      "Makes a marker, shows it once and keeps it nowhere, and prints the line for the policy, which holds only its hash. " +
        "Plant the marker where an agent may read it and nobody has a reason to send it on.",
    )
    .option("--json", "print as JSON, the marker with it")
    .addHelpText("after", "\nExample:\n  agentpolicy canary new crm_bait")
    .action(run);
}

/** The marker goes to standard error: `>> acme.agentpolicy` must not write it into the policy. */
function run(name: string, options: Options): void {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) {
    throw usage(
      `\`${name}\` is no name of a canary`,
      "names begin with a letter or `_`; then letters, digits, `_`, `-`",
    );
  }
  const { marker, sha256 } = newCanary();
  const line = `canary ${name} sha256 "${sha256}"`;
  if (options.json) return printJson({ canary: name, marker, sha256, line });
  note("plant this marker in the data; it is shown only now, and must not stand in the policy:");
  note(`  ${marker}`);
  note("for the policy:");
  print(line);
}
