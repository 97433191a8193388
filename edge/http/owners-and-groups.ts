/** Who has a say in approvals, by the policy of today. */
import type { Approval, Group } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";

/** Of every agent of a chain; one that the policy has no more has none. */
export function ownersOf({ agents }: Deployment, chain: readonly string[]): readonly string[] {
  return [...new Set(chain.flatMap((name) => agents.get(name)?.owner ?? []))];
}

/** Those that these approvals and owners name. */
export function groupsNamed(
  { table }: Deployment,
  approvals: readonly Approval[],
  owners: readonly string[],
): readonly Group[] {
  const names = new Set([...approvals.flatMap((approval) => approval.approvers), ...owners]);
  return table.body.groups.filter((group) => names.has(group.name));
}
