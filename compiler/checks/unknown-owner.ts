/** AP4105: an owner whom no group lists is probably a slip, and `excluding owners` then shuts nobody out. */
import type { Span, StringLiteral } from "../../dsl/index.ts";
import { nearestName } from "../nearest-name.ts";
import type { Program } from "../program.ts";
import type { CheckContext } from "./check.ts";

export function checkUnknownOwner({ program, names, report }: CheckContext): void {
  const groups = program.groups.map(({ row }) => row);
  const known = new Set(groups.flatMap(({ members }) => [...(members ?? [])]));
  // Where an identity provider says who is in a group, anybody may be.
  const closed = groups.length > 0 && groups.every(({ members }) => members !== null);
  for (const { row: agent } of program.agents) {
    if (isGroup(program, agent.owner) || known.has(agent.owner)) continue;
    const near = nearestName(agent.owner, known);
    const owner = ownerNode(names, agent.name);
    if (owner === null || (!closed && near === null)) continue;
    report.warning("AP4105", {
      span: owner.span,
      message: `no group of this policy lists \`${agent.owner}\``,
      label: "an owner nobody knows",
      help: near === null ? "name a group, or somebody who is in one" : `did you mean \`"${near}"\`?`,
    });
  }
}

function isGroup(program: Program, owner: string): boolean {
  return program.groups.some(({ row }) => row.name === owner);
}

function ownerNode(names: CheckContext["names"], agent: string): (StringLiteral & { readonly span: Span }) | null {
  const item = names.by.agent.get(agent)?.items.find((candidate) => candidate.kind === "Owner");
  return item?.owner.kind === "String" ? item.owner : null;
}
