/** The call to show first: one that a new session of the agent is allowed, as far as its matrix can tell. */
import { matrix } from "../../compiler/index.ts";
import type { Cell, Matrix } from "../../compiler/index.ts";
import type { Agent, JsonObject, Table } from "../../engine/index.ts";
import { sampleArgs } from "./sample-args.ts";

export interface FirstCall {
  readonly action: string;
  readonly args: JsonObject;
}

export function firstCall(table: Table, agent: Agent): FirstCall {
  const found = matrix(table, { agents: [agent.name] });
  const calls = table.body.actions.map(({ name, params }, at) => ({ name, params, cell: found.cells[0]?.[at] }));
  const always = calls.find(({ cell }) => cell !== undefined && isAlwaysAllowed(cell));
  if (always !== undefined) return { action: always.name, args: sampleArgs(always.params) };
  for (const { name, cell } of calls) {
    const args = cell === undefined ? null : allowedAtOnce(found, cell);
    if (args !== null) return { action: name, args };
  }
  const some = calls.find(({ cell }) => cell?.outcomes.some(({ tier }) => tier === "allow")) ?? calls[0];
  if (some === undefined) throw new Error("a policy with agents has actions");
  return { action: some.name, args: sampleArgs(some.params) };
}

function isAlwaysAllowed({ outcomes, doubt }: Cell): boolean {
  return doubt === null && outcomes.every(({ tier }) => tier === "allow");
}

/** The arguments of an allowed example that needs nothing of its session but a requester, whom every session may have. */
function allowedAtOnce({ examples }: Matrix, { outcomes }: Cell): JsonObject | null {
  const allowed = outcomes.find(({ tier }) => tier === "allow");
  const example = allowed === undefined ? undefined : examples[allowed.example];
  if (example === undefined || !example.whole) return null;
  return Object.keys(example.session).every((key) => key === "requester") ? example.args : null;
}
