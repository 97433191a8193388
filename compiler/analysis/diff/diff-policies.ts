/** Compares two policies by what they decide. Start here. */
import type { Action, Agent, Table } from "../../../engine/index.ts";
import { agentGroups } from "../space/agent-groups.ts";
import { decisionOn } from "../space/decision-on.ts";
import type { Question } from "../space/question.ts";
import { explainArguments } from "../witness/explain-text.ts";
import { testBlock } from "../witness/test-text.ts";
import { aligned } from "./align.ts";
import type { Tables } from "./approval-order.ts";
import { callerDoubts } from "./caller-doubts.ts";
import { type CellComparison, compareCell, DIFF_EFFORT } from "./compare-cell.ts";
import { type DelegatedRequest, delegatedRequests } from "./delegated-requests.ts";
import { inOrderOfDanger } from "./danger.ts";
import type { Direction, Doubt, Example, PolicyDiff, RequestChange } from "./policy-diff.ts";
import { diffMatrix } from "./diff-matrix.ts";
import { whatIsLess } from "./fate-order.ts";
import { settingChanges } from "./setting-changes.ts";

export interface DiffOptions {
  /** UTC milliseconds: what is past matters to nobody. */
  readonly from?: number;
  /** Rows that may be looked at for all cells together; what is left then is among the doubts. */
  readonly effort?: number;
}

/**
 * Every difference that is shown is real: the engine decides its example under both policies. What can't be decided is
 * among the doubts, never left out.
 */
export function diffPolicies(before: Table, after: Table, options: DiffOptions = {}): PolicyDiff {
  const { table, notes, roles } = aligned(before, after);
  const tables: Tables = { before, after: table, roles };
  const compared = { from: options.from, real: after, roles, effort: { left: options.effort ?? DIFF_EFFORT } };
  const cells = compareCells(tables, compared);
  const requests = inOrderOfDanger(
    together([
      ...cells.flatMap((cell) => requestChanges(cell, tables, after)),
      ...delegatedRequests({ ...tables, after }, options.from).map((one) => delegatedChange(one, after)),
    ]),
  );
  const doubts = [...cells.flatMap(doubtOf), ...callerDoubts(tables, compared)];
  const settings = settingChanges(tables, options.from);
  return {
    before: { policy: before.body.name, hash: before.hash },
    after: { policy: after.body.name, hash: after.hash },
    requests,
    doubts,
    settings,
    notes,
    matrix: diffMatrix(cells, requests, doubts, settings),
    looser: [...requests, ...settings, ...doubts].some(({ direction }) => direction === "looser"),
  };
}

export interface ComparedCell {
  readonly agents: readonly string[];
  readonly action: Action;
  readonly comparison: CellComparison;
}

function compareCells(tables: Tables, options: Parameters<typeof compareCell>[2]): readonly ComparedCell[] {
  const { before, after } = tables;
  const names = new Set([...before.body.actions, ...after.body.actions].map(({ name }) => name));
  const old = new Map(before.body.actions.map((action) => [action.name, action]));
  const now = new Map(after.body.actions.map((action) => [action.name, action]));
  return groupsOf(tables).flatMap((group) =>
    [...names].toSorted().flatMap((name): readonly ComparedCell[] => {
      const parts = [
        { table: before, agent: group.before, action: old.get(name) ?? null },
        { table: after, agent: group.after, action: now.get(name) ?? null },
      ] as const;
      const action = now.get(name) ?? old.get(name);
      if (action === undefined) return [];
      return [{ agents: group.agents, action, comparison: compareCell(parts[0], parts[1], options) }];
    }),
  );
}

interface Group {
  readonly agents: readonly string[];
  readonly before: Agent | null;
  readonly after: Agent | null;
}

/** Agents that are alike before and alike after. */
function groupsOf({ before, after }: Tables): readonly Group[] {
  const old = memberships(before);
  const now = memberships(after);
  const groups = new Map<string, { readonly agents: string[]; readonly group: Group }>();
  for (const name of [...new Set([...old.keys(), ...now.keys()])].toSorted()) {
    const [one, other] = [old.get(name), now.get(name)];
    const key = `${one?.group ?? "-"} ${other?.group ?? "-"}`;
    const made = groups.get(key) ?? {
      agents: [],
      group: { agents: [], before: one?.agent ?? null, after: other?.agent ?? null },
    };
    made.agents.push(name);
    groups.set(key, made);
  }
  return [...groups.values()].map(({ agents, group }) => ({ ...group, agents }));
}

function memberships(table: Table): ReadonlyMap<string, { readonly agent: Agent; readonly group: number }> {
  return new Map(
    agentGroups(table).flatMap((group, at) => group.map((agent) => [agent.name, { agent, group: at }] as const)),
  );
}

function requestChanges(
  { agents, action, comparison }: ComparedCell,
  tables: Tables,
  after: Table,
): readonly RequestChange[] {
  return (["looser", "stricter"] as const).flatMap((direction) => {
    const change = comparison[direction];
    if (change === null) return [];
    const { before, after: now, question } = change;
    const classes = [...new Set(action.classes.map(({ name }) => name))];
    return [
      {
        kind: kindOf(direction, before.tier, now.tier),
        direction,
        agents,
        action: action.name,
        classes,
        before,
        after: now,
        because: direction === "looser" ? whatIsLess(before, now, tables) : [],
        example: exampleOf(question, after),
      },
    ];
  });
}

function delegatedChange(found: DelegatedRequest, after: Table): RequestChange {
  const { caller, agent, action, question } = found;
  return {
    kind: "newly allowed",
    direction: "looser",
    agents: [agent],
    action: action.name,
    classes: [...new Set(action.classes.map(({ name }) => name))],
    before: found.before,
    after: found.after,
    because: [`\`${caller}\` may call \`${agent}\` for it`],
    example: exampleOf(question, after),
  };
}

/** The same change of one action for agents of several kinds is one change. */
function together(changes: readonly RequestChange[]): readonly RequestChange[] {
  const found = new Map<string, RequestChange>();
  for (const change of changes) {
    const key = JSON.stringify([change.kind, change.action, change.before, change.after, change.because]);
    const known = found.get(key);
    found.set(key, known === undefined ? change : joinedChange(known, change));
  }
  return [...found.values()];
}

/** With the shorter example, and its agents first. */
function joinedChange(one: RequestChange, other: RequestChange): RequestChange {
  const size = ({ example }: RequestChange): number => JSON.stringify([example.request, example.session]).length;
  const [first, second] = size(other) < size(one) ? [other, one] : [one, other];
  return { ...first, agents: [...first.agents, ...second.agents] };
}

function kindOf(direction: Direction, before: string, after: string): RequestChange["kind"] {
  if (direction === "looser") return before === "deny" ? "newly allowed" : "less strict";
  return after === "deny" ? "newly denied" : "stricter";
}

function exampleOf(question: Question, after: Table): Example {
  const { request, state, history } = question;
  const known = after.body.actions.some(({ name }) => name === request.action);
  const { sha256: _, ...shown } = request;
  return {
    test: known ? testBlock(after, `${request.action} changed`, question, decisionOn(after, question)) : null,
    explain: known ? explainArguments(after, question) : null,
    request: { ...shown, at: new Date(request.at).toISOString() },
    session: { labels: [...state.labels], roles: [...state.roles], task: state.task ?? null, ...history },
  };
}

function doubtOf({ agents, action, comparison }: ComparedCell): readonly Doubt[] {
  const { doubt, looser, stricter, rules } = comparison;
  if (doubt === null || (looser !== null && stricter !== null)) return [];
  return [{ direction: looser === null ? "looser" : "stricter", agents, action: action.name, why: doubt, rules }];
}
