/** `agentpolicy switches`: the switches of an edge that are flipped, or all that ever were. */
import type { Command } from "commander";
import type { WireSwitch } from "../../sdk/index.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { inert } from "../inert.ts";
import { colours, note, printData, printJson } from "../terminal.ts";

const INDENT = " ".repeat(10);

export function switches(command: Command): void {
  withEdgeOptions(command)
    .description("Lists the kill switches, the newest first.")
    .option("--history", "also those that were lifted")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  agentpolicy switches --edge https://policy.example")
    .action(run);
}

async function run(options: EdgeOptions & { readonly json?: true; readonly history?: true }): Promise<void> {
  const person = await personAt(options, "operator");
  const found = await person.switches({ history: options.history === true });
  if (options.json) return printJson({ switches: found });
  if (found.length === 0) return note("no switch is flipped");
  for (const one of found) printData(lines(one), INDENT);
}

function lines(one: WireSwitch): string {
  const paint = colours("stdout");
  const state = one.lifted === null ? paint.red("killed") : paint.dim("lifted");
  const target = one.scope === "fleet" ? "fleet" : `${one.scope} ${inert(one.name)}`;
  const why = `${one.at}  ${inert(one.by)}: ${inert(one.reason)}`;
  const after =
    one.lifted === null ? "" : `\n        ${one.lifted.at}  ${inert(one.lifted.by)}: ${inert(one.lifted.reason)}`;
  return `${state}  ${target}\n        ${why}${after}`;
}
