/** `agentpolicy sessions requester-token`: a person for an agent of the dev edge to work for, once a call. */
import type { Command } from "commander";
import { edgeAddress } from "../edge-access.ts";
import { usage } from "../failure.ts";
import { requesterToken } from "../local/development-tokens.ts";
import { readKeys } from "../local/edge-keys.ts";
import { print } from "../terminal.ts";

interface Options {
  readonly for: string;
}

export function requesterTokenCommand(command: Command): void {
  command
    .argument("<agent>", "who works for the person")
    .summary("at the dev edge: print a requester's token")
    .description(
      "Prints a new token of a person for whom this agent works, from the issuer of the edge on this machine. It opens " +
        "one session. Elsewhere your identity provider gives them.",
    )
    .option("--for <email>", "who the person is", "requester@development.test")
    .addHelpText(
      "after",
      "\nExample:\n  agentpolicy sessions open billing_bot \\\n" +
        '    --requester-token "$(agentpolicy sessions requester-token billing_bot)"',
    )
    .action(run);
}

async function run(agent: string, options: Options): Promise<void> {
  const { folder } = await edgeAddress({});
  if (folder === null)
    throw usage(
      "only the edge on this machine gives requesters' tokens",
      "unset AGENTPOLICY_EDGE, or ask your provider",
    );
  print(await requesterToken(await readKeys(folder), { email: options.for, agent }));
}
