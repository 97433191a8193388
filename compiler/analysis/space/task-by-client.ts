/**
 * Agents whose sessions can know a task that no requester stands behind: those with `task from client`, and whoever is
 * called below one, since a tree of sessions has one task.
 */
import type { Agent, Table } from "../../../engine/index.ts";

const found = new WeakMap<Table, ReadonlySet<string>>();

export function taskByClient(table: Table, { name }: Agent): boolean {
  const known = found.get(table) ?? reached(table);
  found.set(table, known);
  return known.has(name);
}

function reached({ body }: Table): ReadonlySet<string> {
  const calls = new Map(body.agents.map(({ name, may_call }) => [name, may_call.map(({ agent }) => agent)]));
  const names = new Set(body.agents.filter((agent) => agent.task_from_client).map(({ name }) => name));
  // A set is walked on to what is added meanwhile.
  for (const name of names) for (const called of calls.get(name) ?? []) names.add(called);
  return names;
}
