/** Sets of blocks that some agent has together. Agents with the same blocks are looked at once. */
import type { Agent } from "../../../engine/index.ts";
import type { Action } from "../../../engine/index.ts";
import { actionsOf } from "../../resolve/selection.ts";
import type { Actions } from "../../resolve/actions.ts";
import type { Program, ResolvedBlock } from "../../program.ts";
import { readsAgent } from "../../facts-read.ts";
import { blocksFor } from "../check.ts";

export interface Bundle {
  /** One of the agents. */
  readonly agent: Agent;
  readonly own: readonly ResolvedBlock[];
  readonly every: readonly ResolvedBlock[];
  /** What it lets others do for it: there its own restrictions hold too. */
  readonly lent: ReadonlySet<Action>;
}

/** A policy with more of them is a large one, where one that shows a rule at work is found early. */
const MOST_BUNDLES = 500;

/** Of every agent, also with each role that it may gain; and each role alone that nobody has. */
export function bundlesOf(program: Program, actions: Actions): readonly Bundle[] {
  const found = new Map<string, Bundle>();
  const apart = asksWho(program);
  for (const { row: agent } of program.agents) {
    for (const held of [[], ...agent.may_become.map(({ role }) => [role])]) {
      const { own, every } = blocksFor(program, { name: agent.name, roles: [...agent.roles, ...held] });
      const alone = apart || agent.may_call.length > 0 || own.some((block) => block.kind === "agent");
      const names = own.map((block) => block.name).toSorted();
      const key = JSON.stringify([names, agent.requester_required, alone ? agent.name : null]);
      const lent = new Set(
        agent.may_call.flatMap(({ select }) => select.flatMap((one) => [...actionsOf(one, actions)])),
      );
      if (!found.has(key)) found.set(key, { agent, own, every, lent });
      if (found.size === MOST_BUNDLES) return [...found.values()];
    }
  }
  return [...found.values()];
}

/** Where a rule or limit asks who the agent is, or is about what it names, agents with the same blocks differ. */
function asksWho({ blocks, actions }: Program): boolean {
  const rows = blocks.flatMap(({ rules, limits }) => [...rules, ...limits]);
  return (
    rows.some(({ scope, when }) => readsAgent(scope) || readsAgent(when)) || actions.some(({ row }) => readsAgent(row))
  );
}
