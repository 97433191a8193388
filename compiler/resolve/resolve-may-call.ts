/** `may call B for SELECTORS`: which agents may work below this one, and what it lends its word to there. */
import type { AgentDeclaration, AgentItem } from "../../dsl/index.ts";
import type { MayCall, Selector } from "../../engine/index.ts";
import { compareText, sortedSet } from "../sorted-set.ts";
import { type Context, lookup } from "./context.ts";
import { resolveSelectors } from "./resolve-selectors.ts";
import type { Selections } from "./selection.ts";

/** One entry for each agent that may be called, sorted; what is wrong is left out, with its message. */
export function resolveMayCall(context: Context, selections: Selections, node: AgentDeclaration): readonly MayCall[] {
  const byAgent = new Map<string, readonly Selector[]>();
  for (const item of node.items) {
    if (item.kind !== "MayCall") continue;
    const place = { context, selections, empty: "error", opening: false } as const;
    const select = resolveSelectors(item.select, place);
    if (!knowsAgent(context, node, item) || select === null || select.length === 0) continue;
    byAgent.set(item.agent.value, [...(byAgent.get(item.agent.value) ?? []), ...select]);
  }
  return [...byAgent]
    .map(([agent, select]) => ({ agent, select: sortedSet(select) }))
    .toSorted((a, b) => compareText(a.agent, b.agent));
}

function knowsAgent(context: Context, node: AgentDeclaration, item: AgentItem & { kind: "MayCall" }): boolean {
  if (lookup(context, "agent", item.agent) === null) return false;
  if (item.agent.value !== node.name.value) return true;
  context.report.error("AP5114", {
    span: item.agent.span,
    message: `agent \`${node.name.value}\` can't call itself`,
    label: "a chain of calls has each agent once",
    help: "open another session of it, or name another agent",
  });
  return false;
}
