/** Which facts a table reads: found once when a deployment is read. */
import { FACTS } from "../engine/index.ts";
import type { Fact, TableBody } from "../engine/index.ts";

/** Conditions nest in more ways than one, but an operand is the only thing in a table with this `from`. */
export function factsReadIn({ blocks, actions }: TableBody): ReadonlySet<Fact> {
  const found = new Set<Fact>();
  collect([blocks, actions], found);
  return found;
}

function collect(value: unknown, found: Set<Fact>): void {
  if (typeof value !== "object" || value === null) return;
  const fact = "from" in value && value.from === "fact" && "fact" in value ? value.fact : null;
  const known = FACTS.find((name) => name === fact);
  if (known !== undefined) found.add(known);
  for (const member of Object.values(value)) collect(member, found);
}
