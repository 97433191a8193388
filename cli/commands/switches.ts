/** `agentpolicy switches`: the switches of an edge that are flipped, or all that ever were. */
import type { Command } from "commander";
import type { ListedSwitch } from "../../sdk/index.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { namesNothing } from "../idle-switches.ts";
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
  if (found.length === 0) return note(options.history ? "no switch was ever flipped" : "no switch is flipped");
  for (const one of found) printData(lines(one), INDENT);
}

function lines(one: ListedSwitch): string {
  const paint = colours("stdout");
  const state = one.lifted === null ? paint.red("killed") : paint.dim("lifted");
  const target = one.scope === "fleet" ? "fleet" : `${one.scope} ${inert(one.name)}`;
  const events = [one, ...(one.lifted === null ? [] : [one.lifted])];
  const more = one.lifted === null ? stillFlipped(one) : [];
  const below = [...events.map(({ at, by, reason }) => `${at} ${inert(by)}: ${inert(reason)}`), ...more];
  return [`${state}  ${target}  (${one.id})`, ...below.map((line) => `        ${line}`)].join("\n");
}

/** What an operator has to know of a switch that is flipped: whom it hasn't reached, and that it stops nothing. */
function stillFlipped(one: ListedSwitch): readonly string[] {
  const pending = `sessions pending ${one.sessions_pending}: they stop when their lease ends, at the latest`;
  const idle = `${colours("stdout").yellow("stops nothing:")} ${namesNothing(one)}`;
  return [...(one.sessions_pending > 0 ? [pending] : []), ...(one.in_policy ? [] : [idle])];
}
