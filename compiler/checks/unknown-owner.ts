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
    const near = nearAddress(agent.owner, known);
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

/** Another person isn't a slip: of addresses only the part before `@` may differ, by one letter in four at most. */
function nearAddress(owner: string, known: ReadonlySet<string>): string | null {
  const [local = "", domain] = owner.split("@");
  if (domain === undefined) return nearestName(owner, known);
  const sameDomain = [...known].filter((one) => one.split("@")[1]?.toLowerCase() === domain.toLowerCase());
  const locals = new Map(sameDomain.map((one) => [one.split("@")[0] ?? "", one]));
  const near = nearestName(local, locals.keys(), Math.floor(local.length / 4));
  return near === null ? null : (locals.get(near) ?? null);
}

function isGroup(program: Program, owner: string): boolean {
  return program.groups.some(({ row }) => row.name === owner);
}

function ownerNode(names: CheckContext["names"], agent: string): (StringLiteral & { readonly span: Span }) | null {
  const item = names.by.agent.get(agent)?.items.find((candidate) => candidate.kind === "Owner");
  return item?.owner.kind === "String" ? item.owner : null;
}
