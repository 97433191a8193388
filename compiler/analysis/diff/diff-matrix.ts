/** Agents by actions: in which direction each cell changed, with all that the lists beside it say of single cells. */
import type { ComparedCell } from "./diff-policies.ts";
import type { DiffMatrix, Direction, Doubt, Mark, RequestChange, SettingChange } from "./policy-diff.ts";

interface Cell {
  looser: boolean;
  stricter: boolean;
  doubtful: boolean;
}

export function diffMatrix(
  cells: readonly ComparedCell[],
  requests: readonly RequestChange[],
  doubts: readonly Doubt[],
  settings: readonly SettingChange[],
): DiffMatrix {
  const found = new Map<string, Cell>();
  const cellAt = (agent: string, action: string): Cell => {
    const key = `${agent} ${action}`;
    const cell = found.get(key) ?? { looser: false, stricter: false, doubtful: false };
    found.set(key, cell);
    return cell;
  };
  const mark = (agents: readonly string[], actions: readonly string[], direction: Direction): void => {
    for (const agent of agents) for (const action of actions) cellAt(agent, action)[direction] = true;
  };
  for (const { agents, action, direction } of requests) mark(agents, [action], direction);
  for (const { agents, action, comparison } of cells) {
    for (const agent of comparison.doubt === null ? [] : agents) cellAt(agent, action.name).doubtful = true;
  }
  for (const { agents, action } of doubts) for (const agent of agents) cellAt(agent, action).doubtful = true;
  for (const { agents, actions, direction } of settings) mark(agents, actions, direction);
  const agents = [...new Set(cells.flatMap((cell) => cell.agents))].toSorted();
  const actions = [...new Set(cells.map(({ action }) => action.name))].toSorted();
  return {
    agents,
    actions,
    marks: agents.map((agent) => actions.map((action) => markOf(found.get(`${agent} ${action}`)))),
  };
}

function markOf(cell: Cell | undefined): Mark {
  if (cell === undefined) return "·";
  const { looser, stricter, doubtful } = cell;
  if (looser) return stricter ? "▲▼" : doubtful ? "▲~" : "▲";
  if (stricter) return doubtful ? "▼~" : "▼";
  return doubtful ? "~" : "·";
}
