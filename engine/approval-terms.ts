/** What an approval was given under: whoever decides a recorded request again has to know whether it still says that. */
import type { Approval, Group } from "./table.ts";
import { canonicalJson } from "./values/canonical-json.ts";

/**
 * Canonical text of all that says who may give an approval and how many must: equal texts admit the same votes.
 * @param groups at least those that the approval and the owners name
 * @param owners of every agent of the chain: names of groups, or addresses
 */
export function approvalTerms(approval: Approval, groups: readonly Group[], owners: readonly string[]): string {
  const { name, approvers, requester, quorum, excluding_owners } = approval;
  const excluded = excluding_owners ? [...new Set(owners)].toSorted() : [];
  const named = groups.filter((group) => approvers.includes(group.name) || excluded.includes(group.name));
  const members = named.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((group) => ({ ...group }));
  const terms = { name, approvers, requester, quorum, excluding_owners, owners: excluded };
  return canonicalJson({ ...terms, groups: members });
}
