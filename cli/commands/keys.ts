/** `agentpolicy keys …`: makes keys. A private key goes to a file and is never printed. */
import { join } from "node:path";
import type { Command } from "commander";
import { usage } from "../failure.ts";
import { noteText, print, printJson } from "../terminal.ts";
import { newKey } from "../new-key.ts";
import { rotateCommand } from "./rotate.ts";
import { OWN_FOLDER, ownFolder } from "../own-folder.ts";

interface Options {
  readonly out?: string;
  readonly json?: true;
}

export function keys(command: Command): void {
  command
    .description("Keys of agents, and the edge's own.")
    .helpCommand(false)
    .addHelpText("after", "\nExample:\n  agentpolicy keys new billing_bot");
  command
    .command("new")
    .argument("<name>", "name of the agent or gateway, as in the policy")
    .summary("make an Ed25519 key pair")
    .description(
      "Makes an Ed25519 key pair: writes the private half to a file that only you can read, and prints the line for " +
        "the policy. Never overwrites a key.",
    )
    .option("-o, --out <file>", "where to write the private key (default: .agentpolicy/keys/NAME.jwk)")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  agentpolicy keys new billing_bot")
    .action(run);
  rotateCommand(command.command("rotate"));
}

async function run(name: string, options: Options): Promise<void> {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) {
    throw usage(
      `\`${name}\` is no name of an agent`,
      "names begin with a letter or `_`; then letters, digits, `_`, `-`",
    );
  }
  const file = options.out ?? join(OWN_FOLDER, "keys", `${name}.jwk`);
  if (options.out === undefined) await ownFolder();
  const x = await newKey(file);
  const line = `identity key ed25519 "${x}"`;
  if (options.json) return printJson({ agent: name, file, public_key: x, line });
  noteText(`private key in ${file}: keep it from the repository and give it to ${name} alone`);
  noteText(`for the policy, in \`agent ${name} { … }\` or \`gateway ${name} { … }\`:`);
  print(line);
}
