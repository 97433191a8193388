/** `agentpolicy audit erase`: removes the arguments beside one record; the record and its chain stay. */
import type { Command } from "commander";
import { orWhereToLook } from "../client-error.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { Failure } from "../failure.ts";
import { inert } from "../inert.ts";
import { wholeNumber } from "../option-values.ts";
import { requireReason } from "../switch-target.ts";
import { print } from "../terminal.ts";

interface Options extends EdgeOptions {
  readonly reason?: string;
}

export function eraseCommand(command: Command): void {
  withEdgeOptions(command)
    .summary("remove a record's arguments")
    .description(
      "Removes the arguments that stand beside a record, such as a person's data, for good. The record stays, and its " +
        "chain whole; who erased them and why is itself a record.",
    )
    .argument("<session>", "whose log")
    .argument("<record>", "its `seq`", wholeNumber)
    .option("--reason <text>", "why; it goes on record (required)")
    .addHelpText("after", '\nExample:\n  agentpolicy audit erase ses_… 3 --reason "erasure request 2026-114"')
    .action(run);
}

async function run(session: string, seq: number, options: Options): Promise<void> {
  const reason = requireReason(options.reason, "an erasure");
  const person = await personAt(options, "auditor");
  const erased = await orWhereToLook(person.eraseArguments(session, seq, reason), "`agentpolicy sessions` lists them");
  if (!erased)
    throw new Failure(
      1,
      `record ${seq} of ${inert(session)} has no arguments beside it`,
      `\`agentpolicy audit pull --session ${inert(session)}\` shows what is there`,
    );
  print(`erased the arguments of record ${seq}${person.as}`);
}
