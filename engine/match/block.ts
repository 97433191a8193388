/** A block of rules: what people call it, and whose it is. */
import type { Agent, Block } from "../table.ts";

/** `role sales`, `agent sales_bot`, `every agent`. */
export function blockTitle({ kind, name }: Pick<Block, "kind" | "name">): string {
  return kind === "every" ? "every agent" : `${kind} ${name}`;
}

/** Whether an agent has a block `always`, only while it has `become` its role, or `never`. */
export function blockReach({ kind, name }: Block, agent: Agent): "always" | "become" | "never" {
  if (kind === "every") return "always";
  if (kind === "agent") return agent.name === name ? "always" : "never";
  if (agent.roles.includes(name)) return "always";
  return agent.may_become.some(({ role }) => role === name) ? "become" : "never";
}
