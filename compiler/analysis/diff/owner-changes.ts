/** Whom an agent's owner keeps from approving: where approvals exclude owners, whoever isn't one any more may approve. */
import type { Agent, Group, Table } from "../../../engine/index.ts";
import type { AgentChange } from "./agent-changes.ts";
import type { Tables } from "./approval-order.ts";
import { comparePeople, groups } from "./people.ts";

export function ownerChanges(before: Agent, after: Agent, { before: old, after: now }: Tables): readonly AgentChange[] {
  if (![old, now].every(({ body }) => body.approvals.some((one) => one.excluding_owners))) return [];
  return comparePeople(ownersOf(after, now), ownersOf(before, old)).map(({ direction, who }) => ({
    direction,
    change:
      direction === "looser"
        ? `${who} isn't kept from approving as an owner any more`
        : `${who} is kept from approving as an owner`,
  }));
}

/** A group, or somebody alone. */
function ownersOf({ owner }: Agent, table: Table): readonly Group[] {
  const found = groups([owner], table);
  return found.length > 0 ? found : [{ name: owner, members: [owner.toLowerCase()], claim: null }];
}
