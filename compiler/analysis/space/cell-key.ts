/** What a cell rests on, as text: agents with one key for an action are decided alike, whatever they are called. */
import { maySelect } from "../../../engine/index.ts";
import type { Action, Agent, Block, Limit, Rule, Table } from "../../../engine/index.ts";
import { factsRead, readsAgent } from "../../facts-read.ts";
import { startOf } from "./ground.ts";
import { taskByClient } from "./task-by-client.ts";
import { type PlacedBlock } from "./side.ts";

export interface CellPlace {
  readonly table: Table;
  readonly agent: Agent;
  readonly action: Action;
  readonly blocks: readonly PlacedBlock[];
}

/** Which rules and limits count; without `which` all of them. `from`: see `SpaceOptions`. */
export interface KeyOptions {
  readonly which?: (row: Rule | Limit) => boolean;
  readonly from?: number | undefined;
}

export function cellKey({ table, agent, action, blocks }: CellPlace, { which, from }: KeyOptions = {}): string {
  const concerned = blocks.filter(({ block }) => rowsOn(block, action, which).length > 0);
  const read = [action, ...concerned.flatMap(({ block }) => rowsOn(block, action, which))];
  return [
    action.name,
    startOf(agent.review_by, from),
    agent.requester_required,
    taskByClient(table, agent),
    agent.starts_with.join(" "),
    read.some(readsAgent) ? agent.name : "",
    reviewKey(table, agent, read),
    ...concerned.map(({ block, role }) => `${block.kind} ${block.name} ${role ?? ""}`),
  ].join("\n");
}

/** Does it rest on the clock? */
export function readsClock(place: Pick<CellPlace, "action" | "blocks">): boolean {
  return partsOf(place).some(isTimed);
}

/** The action, and all rules and limits that can be about it. */
export function partsOf({ action, blocks }: Pick<CellPlace, "action" | "blocks">): readonly (Rule | Limit | Action)[] {
  return [action, ...blocks.flatMap(({ block }) => rowsOn(block, action, undefined))];
}

const rows = new WeakMap<Block, WeakMap<Action, readonly (Rule | Limit)[]>>();

/** Those that can be about the action. */
function rowsOn(block: Block, action: Action, which: KeyOptions["which"]): readonly (Rule | Limit)[] {
  const known = rows.get(block) ?? new WeakMap<Action, readonly (Rule | Limit)[]>();
  rows.set(block, known);
  const found = known.get(action) ?? [...block.rules, ...block.limits].filter((row) => maySelect(row, action));
  known.set(action, found);
  return which === undefined || found.length === 0 ? found : found.filter(which);
}

type Part = Rule | Limit | Action;

const timed = new WeakMap<Part, boolean>();

function isTimed(part: Part): boolean {
  const known = timed.get(part);
  if (known !== undefined) return known;
  const ends = "until" in part && part.until !== null;
  const conditions = "when" in part ? part.when : part;
  const found = ends || factsRead(part).has("request.time") || JSON.stringify(conditions).includes('"op":"during"');
  timed.set(part, found);
  return found;
}

const WEEK = 7 * 86_400_000;

/** How much of what the clock changes comes before the agent's review; the review itself where that is close. */
function reviewKey(table: Table, { review_by }: Agent, parts: readonly Part[]): string {
  if (!parts.some(isTimed)) return "";
  const passed = turnsOf(table).filter((at) => at < review_by);
  const exactly = parts.some((part) => factsRead(part).has("request.time")) || review_by - (passed.at(-1) ?? 0) <= WEEK;
  return exactly ? `review ${review_by}` : `turns ${passed.length}`;
}

const turns = new WeakMap<Table, readonly number[]>();

/** Moments at which schedules and rules change, ascending. */
function turnsOf(table: Table): readonly number[] {
  const known = turns.get(table);
  if (known !== undefined) return known;
  const { schedules, blocks } = table.body;
  const found = [
    ...schedules.flatMap(({ offsets, until }) => [...offsets.map(([at]) => at), until]),
    ...blocks.flatMap((block) => block.rules.flatMap(({ until }) => until ?? [])),
  ].toSorted((a, b) => a - b);
  turns.set(table, found);
  return found;
}
