/** Who there is to be at a development edge: people that fill the policy's groups, invented where a group is a claim. */
import type { Group, TableBody } from "../../engine/index.ts";
import type { DevelopmentPerson } from "./development-tokens.ts";

export interface DevelopmentPeople {
  readonly operator: DevelopmentPerson;
  readonly auditor: DevelopmentPerson;
  /** Who may change the most live sets. */
  readonly editor: DevelopmentPerson;
  /** Everybody who can give an approval, those with the most first. */
  readonly approvers: readonly DevelopmentPerson[];
}

/** Nobody of the policy: at the offices that it doesn't fill. */
function stranger(role: string): DevelopmentPerson {
  return { email: `${role}@development.test` };
}

/** @param listed addresses in the policy's own order: the first of a group is who a newcomer expects to be */
export function developmentPeople(body: TableBody, listed: readonly string[]): DevelopmentPeople {
  const seats = Math.max(1, ...body.approvals.map((approval) => approval.quorum));
  const members = (names: readonly string[]): readonly DevelopmentPerson[] =>
    names.flatMap((name) => {
      const group = body.groups.find((candidate) => candidate.name === name);
      return group === undefined ? [] : inOrder(membersOf(group, seats), listed);
    });
  const { operators, auditors } = body.settings;
  return {
    operator: members(operators)[0] ?? stranger("operator"),
    auditor: members(auditors)[0] ?? stranger("auditor"),
    editor: byUse(body.live_sets.flatMap((set) => members(set.editors)))[0] ?? stranger("editor"),
    approvers: byUse(body.approvals.flatMap((approval) => members(approval.approvers))),
  };
}

/** Whoever isn't listed comes after those who are. */
function inOrder(people: readonly DevelopmentPerson[], listed: readonly string[]): readonly DevelopmentPerson[] {
  const place = ({ email }: DevelopmentPerson): number =>
    listed.includes(email) ? listed.indexOf(email) : listed.length;
  return people.toSorted((a, b) => place(a) - place(b));
}

function membersOf(group: Group, seats: number): readonly DevelopmentPerson[] {
  if (group.members !== null) return group.members.map((email) => ({ email }));
  const { claim } = group;
  if (claim === null) return [];
  return Array.from({ length: seats }, (_, seat) => ({
    email: `${group.name.replaceAll("_", "-")}-${seat + 1}@development.test`,
    claims: { [claim.name]: [claim.value] },
  }));
}

/** One entry a person, with what all their groups ask for. */
function byUse(people: readonly DevelopmentPerson[]): readonly DevelopmentPerson[] {
  const counts = new Map<string, { person: DevelopmentPerson; count: number }>();
  for (const person of people) {
    const known = counts.get(person.email);
    counts.set(person.email, { person: known?.person ?? person, count: (known?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count).map(({ person }) => person);
}
