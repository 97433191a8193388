/** Which sessions an edge has records of, the newest first. */
import type { Person, SessionSummary } from "../../sdk/index.ts";
import { inert } from "../inert.ts";
import { note } from "../terminal.ts";

/** The edge lists so many sessions of one agent, the newest. */
const MOST_LISTED = 500;

export async function listedSessions(person: Person, agent: string | undefined): Promise<readonly SessionSummary[]> {
  const found = await person.sessions(agent);
  for (const [name, count] of Object.entries(Object.groupBy(found, (one) => one.agent))) {
    if ((count?.length ?? 0) < MOST_LISTED) continue;
    note(`${inert(name)} has more sessions than the edge lists (${MOST_LISTED}); pull older ones with --session`);
  }
  return found;
}
