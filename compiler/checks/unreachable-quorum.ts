/** AP5023 and AP4012: an approval that can never have enough people, for anyone or for one agent's owner. */
import type { Agent, Approval } from "../../engine/index.ts";
import type { Placed, Program } from "../program.ts";
import { blocksFor, type CheckContext } from "./check.ts";
import { countPeople, decidersOf, ownersOf } from "./deciders.ts";

export function checkUnreachableQuorum({ program, report }: CheckContext): void {
  for (const approval of program.approvals) {
    const people = decidersOf(program, approval.row);
    if (people === null) continue;
    const { quorum, name, requester } = approval.row;
    const most = people.size + (requester ? 1 : 0);
    if (most < quorum) {
      report.error("AP5023", {
        span: approval.span,
        message: `approval \`${name}\` can never be given: ${countPeople(most)} can decide, ${quorum} must`,
        label: `its quorum is ${quorum}`,
        help: "lower the quorum, or name more people",
      });
    } else if (approval.row.excluding_owners && !requester) warnOfOwners(program, approval, people, report);
  }
}

function warnOfOwners(
  program: Program,
  approval: Placed<Approval>,
  people: ReadonlySet<string>,
  report: CheckContext["report"],
): void {
  for (const { row: agent, span } of program.agents) {
    if (!needs(program, agent, approval.row.name)) continue;
    const owners = ownersOf(program, agent);
    const left = [...people].filter((person) => !owners.has(person)).length;
    if (left >= approval.row.quorum) continue;
    report.warning("AP4012", {
      span: approval.span,
      message: `approval \`${approval.row.name}\` can never be given for \`${agent.name}\``,
      label: `without its owners ${countPeople(left)} can decide, ${approval.row.quorum} must`,
      related: [{ span, label: "owned by approvers" }],
      help: "name more people, or another owner",
    });
  }
}

function needs(program: Program, agent: Agent, approval: string): boolean {
  const { own, every } = blocksFor(program, agent);
  return [...own, ...every].some(
    (block) =>
      block.rules.some((rule) => rule.via.includes(approval)) || block.limits.some((limit) => limit.via === approval),
  );
}
