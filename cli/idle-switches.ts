/** Kill switches that name nothing in a policy: whoever renamed a role has to be told that what was stopped runs again. */
import { killableNames } from "../engine/index.ts";
import type { Table } from "../engine/index.ts";
import { AgentPolicyError } from "../sdk/index.ts";
import type { Person, WireSwitch } from "../sdk/index.ts";
import { inert } from "./inert.ts";
import { colours, noteText } from "./terminal.ts";

type Named = Pick<WireSwitch, "scope" | "name">;

export function namesNothing({ scope, name }: Named): string {
  return (
    `the policy has no ${scope} \`${inert(name)}\`; if it was renamed, kill it by its new name, ` +
    `and lift this with \`agentpolicy lift ${scope} ${inert(name)}\``
  );
}

/** Before or after this policy takes over, on stderr. That the switches can't be read is said, and holds up nothing. */
export async function noteIdleSwitches(person: Pick<Person, "switches">, { body }: Table): Promise<void> {
  const paint = colours("stderr");
  let flipped: readonly WireSwitch[];
  try {
    flipped = await person.switches();
  } catch (error) {
    if (!(error instanceof AgentPolicyError)) throw error;
    const missed = "which kill switches name nothing in this policy can't be told:";
    return noteText(`${paint.yellow(missed)} ${inert(error.message)}`);
  }
  for (const each of flipped) {
    if (killableNames(body, each.scope)?.has(each.name) ?? true) continue;
    noteText(`${paint.yellow("a kill switch stops nothing any more:")} ${namesNothing(each)}`);
  }
}
