/** AP4010 and AP4011: an agent that nothing is granted to, and one that nothing bounds. */
import type { Action, Agent } from "../../engine/index.ts";
import type { ResolvedBlock, ResolvedRule } from "../program.ts";
import { type AgentBlocks, blocksFor, type CheckContext } from "./check.ts";
import { grantedActions } from "./granted-actions.ts";
import { mayConcern } from "./restricts.ts";
import { canCome } from "./witness.ts";

export function checkIdleAgent(context: CheckContext): void {
  const { program, report } = context;
  for (const { row: agent, span } of program.agents) {
    const blocks = blocksFor(program, agent);
    const granting = [...blocks.own, ...blocks.gained].filter((block) => grantedActions(block).size > 0);
    if (!canDoAny(context, agent, granting, blocks)) {
      // It works through those that it calls, and these are bounded themselves.
      if (agent.may_call.length > 0) continue;
      report.warning("AP4010", {
        span,
        message: `agent \`${agent.name}\` can do nothing`,
        label: granting.length === 0 ? "no rule of its roles grants anything" : "whatever its roles grant is denied",
        help: "give it a role with `allow`, `notify` or `ask`, or remove it",
      });
    } else if (!isLimited(blocks, granting)) {
      report.warning("AP4011", {
        span,
        message: `nothing limits how much agent \`${agent.name}\` does`,
        label: "no limit in its roles or in `every agent` counts what it may do",
        help: "add one for all: `every agent { limit * to 1000 in 1h per agent }`",
      });
    }
  }
}

/** Where no `never` is about an action, its grant is believed; that a condition can't hold is another finding. */
function canDoAny(
  context: CheckContext,
  agent: Agent,
  granting: readonly ResolvedBlock[],
  { own, every, gained }: AgentBlocks,
): boolean {
  const nevers = [...own, ...every, ...gained].flatMap((block) => block.rules.filter(isNever));
  const isFree = (action: Action): boolean => !nevers.some((rule) => mayConcern(rule, action));
  if (granting.some((block) => grantedActions(block).values().some(isFree))) return true;
  return new Set(granting.flatMap((block) => [...grantedActions(block)])).values().some((action) => {
    const asked = { agent: agent.name, action: action.name, where: null };
    return canCome(context, asked, ["allow", "notify", "ask"]).verdict !== "no";
  });
}

function isNever(rule: ResolvedRule): boolean {
  return rule.tier === "never";
}

function isLimited({ own, every, gained }: AgentBlocks, granting: readonly ResolvedBlock[]): boolean {
  const mayDo = (action: Action): boolean => granting.some((block) => grantedActions(block).has(action));
  return [...own, ...every, ...gained].some((block) =>
    block.limits.some((limit) => !limit.trial && limit.actions.some(mayDo)),
  );
}
