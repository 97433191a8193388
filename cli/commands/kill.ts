import { Argument } from "commander";
import type { Command } from "commander";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { switchTarget, SCOPES } from "../switch-target.ts";
import { colours, note, print, printJson } from "../terminal.ts";

interface Options extends EdgeOptions {
  readonly reason: string;
  readonly json?: true;
}

export function kill(command: Command): void {
  withEdgeOptions(command)
    .description("Flips a kill switch: what it names gets no further action allowed until it is lifted.")
    .addArgument(new Argument("<scope>", "what to stop").choices(SCOPES))
    .argument("[name]", "which agent or session; none for the fleet")
    .requiredOption("--reason <text>", "why; it goes on record")
    .option("--json", "print as JSON")
    .addHelpText("after", '\nExample:\n  agentpolicy kill agent billing_bot --reason "refunds look wrong"')
    .action(run);
}

async function run(scope: string, name: string | undefined, options: Options): Promise<void> {
  const target = switchTarget(scope, name);
  const person = await personAt(options, "operator");
  const flipped = await person.flip(target.scope, target.name, options.reason);
  if (options.json) return printJson(flipped);
  const paint = colours("stdout");
  print(`${paint.red("killed")} ${target.shown}  (${flipped.switch.id})`);
  print(`sessions reached ${flipped.sessions_reached}, pending ${flipped.sessions_pending}`);
  if (flipped.sessions_pending > 0) note("pending sessions stop when their lease ends, at the latest");
}
