import type { Command } from "commander";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { inert } from "../inert.ts";
import { note, print, printJson } from "../terminal.ts";

interface ListOptions extends EdgeOptions {
  readonly agent?: string;
  readonly json?: true;
}

export function sessions(command: Command): void {
  withEdgeOptions(command)
    .description("Lists sessions, the newest first.")
    .option("--agent <name>", "only this agent's")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  agentpolicy sessions --agent billing_bot")
    .action(list);
}

async function list(options: ListOptions): Promise<void> {
  const person = await personAt(options, "auditor");
  const found = await person.sessions(options.agent);
  if (options.json) return printJson({ sessions: found });
  if (found.length === 0) return note("no sessions");
  for (const one of found) {
    print(
      `${inert(one.id)}  ${inert(one.agent)}  ${one.opened_at}  ${one.ended_at === null ? "open" : `ended ${one.ended_at}`}`,
    );
  }
}
