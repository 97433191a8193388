/** Which facts a part of a table reads, wherever in it they stand: conditions, holes of patterns, other lists. */
import { type Fact, FACTS } from "../engine/index.ts";

const read = new WeakMap<object, ReadonlySet<Fact>>();

/** Facts by operand, whatever the part is: a condition, a rule, an action, a block. Texts and literals aren't facts. */
export function factsRead(part: unknown): ReadonlySet<Fact> {
  if (typeof part !== "object" || part === null) return NONE;
  const known = read.get(part);
  if (known !== undefined) return known;
  const found = new Set<Fact>();
  collect(part, found);
  read.set(part, found);
  return found;
}

const NONE: ReadonlySet<Fact> = new Set();
const ALL: ReadonlySet<string> = new Set(FACTS);

function collect(part: unknown, found: Set<Fact>): void {
  if (typeof part !== "object" || part === null) return;
  if ("from" in part && part.from === "fact" && "fact" in part && isFact(part.fact)) found.add(part.fact);
  for (const inner of Object.values(part)) {
    const known = typeof inner === "object" && inner !== null ? read.get(inner as object) : undefined;
    // Rows of a table share their conditions with what they were made of.
    if (known === undefined) collect(inner, found);
    else for (const fact of known) found.add(fact);
  }
}

function isFact(value: unknown): value is Fact {
  return typeof value === "string" && ALL.has(value);
}

/** Does it ask who the agent is? */
export function readsAgent(part: unknown): boolean {
  const facts = factsRead(part);
  return facts.has("agent.id") || facts.has("agent.owner") || facts.has("agent.roles");
}
