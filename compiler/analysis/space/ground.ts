/** What holds in a cell where no case says otherwise, and the time that it is about. */
import type { Action, Agent, Table } from "../../../engine/index.ts";
import type { Ground } from "./question.ts";
import { taskByClient } from "./task-by-client.ts";
import type { TimeBounds } from "./time-cases.ts";

/** Where nobody says what day it is: Monday, 5 January 2026, noon UTC, as in tests. */
const USUAL = Date.UTC(2026, 0, 5, 12);

const MINUTE = 60_000;

interface Part {
  readonly table: Table;
  readonly agent: Agent;
  readonly action: Action;
}

/** Requests from `from` on, and before any of the agents is due for review. */
export function groundOf(parts: readonly Part[], from: number | undefined): { ground: Ground; bounds: TimeBounds } {
  const [first] = parts;
  if (first === undefined) throw new Error("a cell without a side");
  const before = Math.min(...parts.map(({ agent }) => agent.review_by));
  const start = startOf(before, from);
  const { environments } = first.table.body.settings;
  const environment = environments.includes("production") ? "production" : (environments[0] ?? "production");
  const ground = {
    agent: first.agent.name,
    action: first.action.name,
    params: paramsOf(parts),
    environment,
    at: start,
    labels: first.agent.starts_with.filter((label) => parts.every((part) => alwaysHas(part, label))),
    taskByClient: parts.some(({ table, agent }) => taskByClient(table, agent)),
  };
  return { ground, bounds: { from: start, before } };
}

/** A label that it starts with goes only where some action clears it. */
function alwaysHas({ table, agent }: Part, label: string): boolean {
  return agent.starts_with.includes(label) && !table.body.actions.some(({ clears }) => clears.includes(label));
}

/** The first moment that counts. */
export function startOf(before: number, from: number | undefined): number {
  return Math.min(from === undefined ? USUAL : Math.ceil(from / MINUTE) * MINUTE, before - 1);
}

function paramsOf(parts: readonly Part[]): readonly string[] {
  return [...new Set(parts.flatMap(({ action }) => action.params.map(({ name }) => name)))];
}
