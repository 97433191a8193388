/**
 * AP4103: a role forbids or counts only what another role of the same agent grants. Who reads one of the two doesn't see
 * what the agent may do. A role that grants nothing is a guard, and is meant to be added to others.
 */
import type { Action } from "../../engine/index.ts";
import type { Program, ResolvedBlock, ResolvedLimit, ResolvedRule } from "../program.ts";
import { blocksFor, type CheckContext } from "./check.ts";
import { ruleId } from "../lower/row-id.ts";
import { grantedActions } from "./granted-actions.ts";
import { turned } from "./witness.ts";

export function checkCrossingRoles(context: CheckContext): void {
  const { program } = context;
  const seen = new Set<ResolvedRule | ResolvedLimit>();
  for (const roles of roleSets(program)) {
    for (const role of roles.held) {
      const own = grantedActions(role);
      if (own.size === 0) continue;
      for (const row of crossingRows(role)) {
        if (seen.has(row) || row.actions.some((action) => own.has(action))) continue;
        const other = roles.held.find((held) => row.actions.some((action) => grantedActions(held).has(action)));
        if (!other) continue;
        seen.add(row);
        reportCrossing(row, role, other, { agent: roles.agent, context });
      }
    }
  }
}

interface RoleSet {
  readonly agent: string;
  readonly held: readonly ResolvedBlock[];
}

/** Each combination of several roles once. */
function roleSets(program: Program): readonly RoleSet[] {
  const sets = new Map<string, RoleSet>();
  for (const { row: agent } of program.agents) {
    if (agent.roles.length < 2) continue;
    const held = blocksFor(program, agent).own.filter((block) => block.kind === "role");
    sets.set(agent.roles.toSorted().join(" "), { agent: agent.name, held });
  }
  return [...sets.values()];
}

/** `never` rules, and limits over classes. */
function crossingRows(role: ResolvedBlock): readonly (ResolvedRule | ResolvedLimit)[] {
  const nevers = role.rules.filter((rule) => rule.tier === "never" && !rule.trial);
  const limits = role.limits.filter((limit) => !limit.trial && limit.scope.select.some(({ kind }) => kind === "class"));
  return [...nevers, ...limits];
}

function reportCrossing(
  row: ResolvedRule | ResolvedLimit,
  role: ResolvedBlock,
  other: ResolvedBlock,
  { agent, context }: { readonly agent: string; readonly context: CheckContext },
): void {
  const granting = other.rules.find(
    (rule) => rule.tier !== "never" && rule.actions.some((action) => row.actions.includes(action)),
  );
  const granted = grantedActions(other);
  const both = row.actions.filter((action) => granted.has(action));
  const what = "tier" in row ? "forbids" : "counts";
  context.report.warning("AP4103", {
    span: row.node.select[0]?.span ?? row.node.span,
    message: `role \`${role.name}\` ${what} only what role \`${other.name}\` grants`,
    label: `${what} what \`${agent}\` has from elsewhere`,
    related: granting ? [{ span: granting.node.tierSpan, label: "granted here" }] : [],
    help: "put it into the role that grants it, or into `every agent`",
    witness: "tier" in row ? forbidden(context, agent, ruleId(role, row), both) : null,
  });
}

/** A request that fares otherwise without the rule. */
function forbidden(context: CheckContext, agent: string, id: string, actions: readonly Action[]): string | null {
  const [action] = actions;
  return action === undefined ? null : turned(context, { agent, action: action.name, rule: id });
}
