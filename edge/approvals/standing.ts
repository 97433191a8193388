/** Who may give which approval, by the policy of the moment. Pure. */
import type { Approval, Group, Requester } from "../../engine/index.ts";
import { isMember } from "../identity/groups.ts";
import type { PersonRef } from "../rpc.ts";

/** What excludes people from a request, and who confirms it. */
export interface Interests {
  readonly requester: Requester | null;
  readonly requester_person: { readonly iss: string; readonly sub: string } | null;
  /** Of every agent of the chain: names of groups, or addresses. */
  readonly owners: readonly string[];
}

export type Standing =
  | { readonly kind: "may" }
  /** In none of the groups: for this person the approval doesn't exist. */
  | { readonly kind: "stranger" }
  | { readonly kind: "excluded"; readonly because: string };

export function standingOf(
  person: PersonRef,
  approval: Approval,
  groups: readonly Group[],
  interests: Interests,
): Standing {
  const because = approval.requester ? null : asRequester(person, interests);
  if (because !== null) return { kind: "excluded", because };
  if (approval.excluding_owners && interests.owners.some((owner) => isOwner(person, owner, groups)))
    return { kind: "excluded", because: "the owners of the agent, and of those above it, can't give this approval" };
  const confirms = approval.requester && confirmsAsRequester(person, interests);
  const member = approval.approvers.some((name) => isIn(person, name, groups));
  return confirms || member ? { kind: "may" } : { kind: "stranger" };
}

/** A group that isn't among those of today has no members. */
function isIn(person: PersonRef, name: string, groups: readonly Group[]): boolean {
  const group = groups.find((each) => each.name === name);
  return group !== undefined && isMember(group, person);
}

/** An exclusion that can't be ruled out holds: somebody without an address may be any of the addresses. */
function isOwner(person: PersonRef, owner: string, groups: readonly Group[]): boolean {
  if (isIn(person, owner, groups) || person.email === owner.toLowerCase()) return true;
  return person.email === null && groups.every((group) => group.name !== owner || group.claim === null);
}

/** Why the person can't approve as being, or perhaps being, whoever asked; null where it is somebody else. */
function asRequester(person: PersonRef, interests: Interests): string | null {
  if (interests.requester === null) return null;
  if (isRequester(person, interests)) return "whoever asked can't approve";
  // Subjects differ from provider to provider, and at some from audience to audience: only addresses tell people apart.
  if (person.email !== null && interests.requester.email !== undefined) return null;
  return "whoever asked can't approve, and without an address in both tokens it can't be told that you are somebody else";
}

/**
 * Any sign of being the requester excludes: the two providers may differ, so the address and even a bare subject count
 * here, where a mistake only refuses.
 */
function isRequester(person: PersonRef, interests: Interests): boolean {
  const requester = interests.requester;
  if (requester === null) return false;
  if (isSamePerson(person, interests.requester_person)) return true;
  if (person.email !== null && (person.email === requester.email || person.email === requester.id)) return true;
  return person.sub === requester.id;
}

/** Confirming grants, so it takes the same person of the same provider, or the same verified address. */
function confirmsAsRequester(person: PersonRef, interests: Interests): boolean {
  if (isSamePerson(person, interests.requester_person)) return true;
  return person.email !== null && person.email === interests.requester?.email;
}

function isSamePerson(
  one: { readonly iss: string; readonly sub: string },
  other: { readonly iss: string; readonly sub: string } | null,
): boolean {
  return other !== null && one.iss === other.iss && one.sub === other.sub;
}
