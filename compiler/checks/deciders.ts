/** Who may give an approval, and who is shut out of it. */
import type { Agent, Approval } from "../../engine/index.ts";
import type { Program } from "../program.ts";

/** Everyone who may decide beside the requester, sooner or later; null where a claim leaves that open. */
export function decidersOf(program: Program, { approvers, escalate }: Approval): ReadonlySet<string> | null {
  const names = new Set([...approvers, ...escalate.flatMap((step) => [...step.groups])]);
  const groups = program.groups.filter((group) => names.has(group.row.name)).map((group) => group.row.members);
  if (groups.includes(null)) return null;
  return new Set(groups.flatMap((members) => [...(members ?? [])]));
}

export function ownersOf(program: Program, agent: Agent): ReadonlySet<string> {
  const group = program.groups.find((candidate) => candidate.row.name === agent.owner);
  return new Set(group ? (group.row.members ?? []) : [agent.owner]);
}

export function countPeople(people: number): string {
  return people === 1 ? "1 person" : `${people} people`;
}
