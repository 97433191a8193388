/** `agentpolicy kill`: flips a switch at a running edge. */
import type { Command } from "commander";
import { orWhereToLook } from "../client-error.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { AFTER_KILL, requireReason, SCOPES, switchTarget } from "../switch-target.ts";
import { colours, note, noteText, print, printBeside, printJson } from "../terminal.ts";

interface Options extends EdgeOptions {
  readonly reason?: string;
  readonly json?: true;
}

export function kill(command: Command): void {
  withEdgeOptions(command)
    .description("Flips a kill switch: what it names gets no further action allowed until it is lifted.")
    .argument("<scope>", `what to stop: ${SCOPES.join(", ")}`)
    .argument("[name]", "which one; none for the fleet")
    .option("--reason <text>", "why; it goes on record (required)")
    .option("--json", "print as JSON")
    .addHelpText("after", '\nExample:\n  agentpolicy kill agent billing_bot --reason "refunds look wrong"')
    .action(run);
}

async function run(scope: string, name: string | undefined, options: Options): Promise<void> {
  const target = switchTarget("kill", scope, name);
  const reason = requireReason(options.reason);
  const person = await personAt(options, "operator");
  const where =
    target.scope === "session"
      ? "`agentpolicy sessions` lists them"
      : "`agentpolicy show` in the folder of the policy says what it has";
  const flipped = await orWhereToLook(person.flip(target.scope, target.name, reason), where);
  if (options.json) return printJson(flipped);
  const paint = colours("stdout");
  printBeside(`${paint.red("killed")} ${target.shown}${person.as}`, `(${flipped.switch.id})`);
  print(`sessions reached ${flipped.sessions_reached}, pending ${flipped.sessions_pending}`);
  const after = AFTER_KILL[target.scope];
  if (after !== undefined) noteText(after);
  if (flipped.sessions_pending > 0) note("pending sessions stop when their lease ends, at the latest");
}
