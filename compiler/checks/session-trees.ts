/**
 * In which trees of sessions an agent works: its own, and those of agents that may call it. Labels are the whole tree's,
 * so what one agent reads narrows, or endangers, what another one does.
 */
import { selects } from "../../engine/index.ts";
import type { Action, Agent } from "../../engine/index.ts";
import type { Program } from "../program.ts";
import { blocksFor } from "./check.ts";
import { grantedActions } from "./granted-actions.ts";

export interface SessionTree {
  /** The agents above, the nearest first; empty in a tree of its own. */
  readonly callers: readonly Agent[];
  /** Labels that a session of the tree can pick up. */
  readonly labels: ReadonlySet<string>;
  /** Whether every caller lends its word to the action. */
  readonly admits: (action: Action) => boolean;
}

/** As the language bounds a tree. */
const DEEPEST = 4;

/** The agent's own tree first; of several ways to one caller the shortest counts. */
export function sessionTrees(program: Program, agent: Agent): readonly SessionTree[] {
  const own: SessionTree = { callers: [], labels: labelsBelow(program, agent), admits: () => true };
  const trees = [own];
  const seen = new Set([agent.name]);
  for (const tree of trees) {
    if (tree.callers.length + 1 >= DEEPEST) continue;
    const top = tree.callers.at(-1) ?? agent;
    for (const caller of callersOf(program, top)) {
      if (seen.has(caller.name)) continue;
      seen.add(caller.name);
      trees.push({
        callers: [...tree.callers, caller],
        labels: labelsBelow(program, caller),
        admits: (action) => tree.admits(action) && lends(caller, top, action),
      });
    }
  }
  return trees;
}

function lends(caller: Agent, called: Agent, action: Action): boolean {
  return caller.may_call.some(
    ({ agent, select }) => agent === called.name && select.some((selector) => selects(selector, action, false)),
  );
}

const below = new WeakMap<Agent, ReadonlySet<string>>();

/** What the agent's sessions pick up, and those that it may open below. */
function labelsBelow(program: Program, root: Agent): ReadonlySet<string> {
  const known = below.get(root);
  if (known) return known;
  const labels = new Set<string>();
  const seen = new Set([root.name]);
  const open: Opened[] = [{ agent: root, depth: 1, admits: () => true }];
  for (const { agent, depth, admits } of open) {
    for (const label of agent.starts_with) labels.add(label);
    const { own, gained } = blocksFor(program, agent);
    for (const action of [...own, ...gained].flatMap((block) => [...grantedActions(block)])) {
      if (admits(action)) for (const { label } of action.yields) labels.add(label);
    }
    for (const { agent: name } of depth < DEEPEST ? agent.may_call : []) {
      const called = agentsByName(program).get(name);
      if (called === undefined || seen.has(name)) continue;
      seen.add(name);
      open.push({
        agent: called,
        depth: depth + 1,
        admits: (action) => admits(action) && lends(agent, called, action),
      });
    }
  }
  below.set(root, labels);
  return labels;
}

interface Opened extends Pick<SessionTree, "admits"> {
  readonly agent: Agent;
  readonly depth: number;
}

const indexes = new WeakMap<Program, ReadonlyMap<string, Agent>>();

function agentsByName(program: Program): ReadonlyMap<string, Agent> {
  const known = indexes.get(program) ?? new Map(program.agents.map(({ row }) => [row.name, row]));
  indexes.set(program, known);
  return known;
}

const calling = new WeakMap<Program, ReadonlyMap<string, readonly Agent[]>>();

function callersOf(program: Program, { name }: Agent): readonly Agent[] {
  const known = calling.get(program) ?? findCallers(program);
  calling.set(program, known);
  return known.get(name) ?? [];
}

function findCallers(program: Program): ReadonlyMap<string, readonly Agent[]> {
  const found = new Map<string, Agent[]>();
  for (const { row } of program.agents) {
    for (const { agent } of row.may_call) found.set(agent, [...(found.get(agent) ?? []), row]);
  }
  return found;
}
