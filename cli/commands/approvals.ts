/** `agentpolicy approvals`: the requests that wait for whoever asks, one line each, or whole as JSON. */
import type { Command } from "commander";
import type { WireApproval } from "../../sdk/index.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { inert } from "../inert.ts";
import { colours, note, noteText, print, printBeside, printJson } from "../terminal.ts";

export function approvals(command: Command): void {
  withEdgeOptions(command)
    .description("Lists the requests that wait for you.")
    .option("--json", "print as JSON, whole")
    .addHelpText("after", "\nExample:\n  agentpolicy approvals")
    .action(run);
}

async function run(options: EdgeOptions & { readonly json?: true }): Promise<void> {
  const person = await personAt(options, "approver");
  const waiting = await person.approvals();
  if (options.json) return printJson({ approvals: waiting });
  if (waiting.length === 0) {
    const others = person.chosen ? "; `--as EMAIL` looks as somebody else of the policy" : "";
    return noteText(`nothing waits for you${person.as}${others}`);
  }
  const paint = colours("stdout");
  for (const one of waiting) {
    const votes = one.needs.map((need) => `${inert(need.approval)} ${need.votes}/${need.quorum}`).join(", ");
    print(paint.bold(one.id));
    const asks = `  ${inert(one.agent)} asks for ${paint.yellow(whatOf(one))}`;
    if (one.resources.length === 0) print(asks);
    else printBeside(asks, one.resources.map(inert).join(", "));
    print(`  ${votes}, until ${one.expires_at}`);
  }
  note("decide with `agentpolicy approve ID` or `agentpolicy deny ID --reason …`");
}

function whatOf({ action, elevation }: WireApproval): string {
  return elevation === undefined ? inert(action) : `role ${inert(elevation.role)} for ${inert(elevation.for)}`;
}
