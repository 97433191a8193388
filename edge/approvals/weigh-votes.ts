/** Do the votes that were given meet what today's policy wants? Pure. */
import type { Approval, Group } from "../../engine/index.ts";
import type { PersonRef } from "../rpc.ts";
import { type Assignment, assignVotes, type Ballot } from "./assign-votes.ts";
import { type Interests, standingOf } from "./standing.ts";

export interface Policy {
  /** Definitions of today; an approval that isn't among them can be given by nobody. */
  readonly approvals: readonly Approval[];
  readonly groups: readonly Group[];
}

/** @param names the approvals that are needed now; @param voters those who approved, each person once */
export function weighVotes(
  names: readonly string[],
  voters: readonly PersonRef[],
  policy: Policy,
  interests: Interests,
): Assignment {
  const definitions = policy.approvals.filter((each) => names.includes(each.name));
  if (definitions.length < names.length) return { met: false, votes: names.map(() => 0) };
  const ordered = names
    .map((name) => definitions.find((each) => each.name === name))
    .filter((each) => each !== undefined);
  const needs = ordered.map((each) => ({ approval: each.name, quorum: each.quorum }));
  const ballots = persons(voters).map((voter) => ballotOf(voter, ordered, policy.groups, interests));
  return assignVotes(needs, ballots);
}

/**
 * One person may sign in by two ways, with two subjects: the same address is the same person, of whom the later vote
 * counts.
 */
function persons(voters: readonly PersonRef[]): readonly PersonRef[] {
  return voters.filter(
    ({ email }, at) => email === null || voters.findLastIndex((other) => other.email === email) === at,
  );
}

function ballotOf(
  voter: PersonRef,
  definitions: readonly Approval[],
  groups: readonly Group[],
  interests: Interests,
): Ballot {
  return definitions
    .filter((each) => standingOf(voter, each, groups, interests).kind === "may")
    .map((each) => each.name);
}
