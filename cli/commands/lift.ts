/** `agentpolicy lift`: lifts the switches that are flipped for a name. */
import type { Command } from "commander";
import { orWhereToLook } from "../client-error.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { requireReason, SCOPES, switchTarget } from "../switch-target.ts";
import { colours, noteText, print, printJson } from "../terminal.ts";

interface Options extends EdgeOptions {
  readonly reason?: string;
  readonly id?: string;
  readonly json?: true;
}

export function lift(command: Command): void {
  withEdgeOptions(command)
    .description("Lifts every kill switch that is flipped for a name.")
    .argument("<scope>", `what was stopped: ${SCOPES.join(", ")}`)
    .argument("[name]", "which one; none for the fleet")
    .option("--reason <text>", "why; it goes on record (required)")
    .option("--id <switch>", "only the switch with this id")
    .option("--json", "print as JSON")
    .addHelpText("after", '\nExample:\n  agentpolicy lift agent billing_bot --reason "fixed in 1.4.2"')
    .action(run);
}

async function run(scope: string, name: string | undefined, options: Options): Promise<void> {
  const target = switchTarget("lift", scope, name);
  const reason = requireReason(options.reason);
  const person = await personAt(options, "operator");
  const lifted = await orWhereToLook(
    person.lift(target.scope, target.name, reason, options.id),
    "`agentpolicy switches` lists those that are flipped, with their ids",
  );
  if (options.json) return printJson(lifted);
  print(`${colours("stdout").green("lifted")} ${target.shown}${person.as}`);
  noteText("agents may be refused a little longer: two seconds at a dev edge, a minute or more elsewhere");
  noteText("approvals that were cancelled stay cancelled");
}
