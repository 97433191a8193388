/** A request that shows a finding, as a step of a test: found in the decision space, and decided by the engine. */
import type { Condition, Table } from "../../engine/index.ts";
import { decisionOn } from "../analysis/space/decision-on.ts";
import {
  canDecideOn,
  type CellName,
  possibleOutcomes,
  type PossibleOutcome,
} from "../analysis/space/possible-outcomes.ts";
import type { Question } from "../analysis/space/question.ts";
import { testText } from "../analysis/witness/test-text.ts";
import type { Effort } from "../analysis/space/cell.ts";
import { madeRule } from "../analysis/space/made-rule.ts";
import { lowerTable } from "../lower/lower-table.ts";
import type { Program, ResolvedBlock } from "../program.ts";
import { blocksFor, type CheckContext } from "./check.ts";

export interface Shown {
  /** An agent's name. */
  readonly agent: string;
  /** An action's name. */
  readonly action: string;
  /** What must be true of the request and its session; null for any. */
  readonly where: Condition | null;
  /** What must come of it. */
  readonly fate: PossibleOutcome["fate"]["tier"];
}

/** How many searches a policy has had, and may have: each costs time. */
interface Budget {
  readonly most: number;
  readonly spent: WeakMap<Program, number>;
}

/** The first findings show a request: a policy with more of them has other worries. */
const SHOWING: Budget = { most: 12, spent: new WeakMap() };

/** Some findings rest on a search. Where there were too many, they go by what can be told at sight. */
const FINDING: Budget = { most: 64, spent: new WeakMap() };

/** What all searches of a policy may look at together, in rows: some policies have cells of millions of cases. */
const MOST_LOOKS = 600_000;

const efforts = new WeakMap<Program, Effort>();

function effortOf(program: Program): Effort {
  const effort = efforts.get(program) ?? { left: MOST_LOOKS };
  efforts.set(program, effort);
  return effort;
}

/** Null where there is no such request, where none was found, or where a test couldn't state it. */
export function witness(context: CheckContext, shown: Shown): string | null {
  return search(context, shown, [shown.fate], SHOWING).witness;
}

export interface Found {
  /** Whether there is such a request; `unknown` where that couldn't be told. */
  readonly verdict: "yes" | "no" | "unknown";
  /** One, where a test could state it. */
  readonly witness: string | null;
}

/** Whether any request comes to one of these fates. */
export function canCome(
  context: CheckContext,
  shown: Omit<Shown, "fate">,
  fates: readonly PossibleOutcome["fate"]["tier"][],
): Found {
  return search(context, shown, fates, FINDING);
}

const UNTOLD: Found = { verdict: "unknown", witness: null };

/** A request that fares otherwise without the rule, given by its id; null as `witness` is. */
export function turned(
  context: CheckContext,
  { agent, action, rule }: Pick<Shown, "agent" | "action"> & { readonly rule: string },
): string | null {
  const cell = cellIn(context, { agent, action }, SHOWING);
  if (cell === null) return null;
  const question = canDecideOn(cell, rule).witness;
  return question === null ? null : stepOf(cell, question);
}

function search(
  context: CheckContext,
  shown: Omit<Shown, "fate">,
  fates: readonly PossibleOutcome["fate"]["tier"][],
  budget: Budget,
): Found {
  const cell = cellIn(context, shown, budget);
  if (cell === null) return UNTOLD;
  const table = shown.where === null ? cell.table : onlyWhere(cell.table, shown.where);
  const { outcomes, inexact } = possibleOutcomes({ ...cell, table }, { effort: effortOf(context.program) });
  const found = outcomes.find(({ fate }) => fates.includes(fate.tier));
  if (!found) return { verdict: inexact === null ? "no" : "unknown", witness: null };
  return { verdict: "yes", witness: stepOf(cell, found.question) };
}

/** Null where the budget is spent, or something in the policy can't be compiled: then it can't be asked. */
function cellIn(
  { program, report }: CheckContext,
  shown: Pick<Shown, "agent" | "action">,
  { most, spent }: Budget,
): CellName | null {
  const before = spent.get(program) ?? 0;
  if (before >= most || effortOf(program).left <= 0 || report.diagnostics.some(({ level }) => level === "error"))
    return null;
  spent.set(program, before + 1);
  const table = lowerTable(around(program, shown), []);
  const agent = table.body.agents.find(({ name }) => name === shown.agent);
  const action = table.body.actions.find(({ name }) => name === shown.action);
  return agent && action ? { table, agent, action } : null;
}

function stepOf({ table }: CellName, question: Question): string | null {
  const text = testText(table, "", question, decisionOn(table, question));
  return text === null ? null : `for example, \`${text.replace(/^test "" \{ (.*) \}$/, "$1")}\``;
}

/** An agent that has the block; null where none has. */
export function holderOf(program: Program, block: ResolvedBlock): string | null {
  const holder = program.agents.find(({ row }) => {
    const { own, every } = blocksFor(program, row);
    return own.includes(block) || every.includes(block);
  });
  return holder?.row.name ?? null;
}

/** Nothing but what decides about the one agent: a small table is made at once. */
function around(program: Program, { agent }: Pick<Shown, "agent">): Program {
  const agents = program.agents.filter(({ row }) => row.name === agent);
  const blocks = agents.flatMap(({ row }) => {
    const { own, every, gained } = blocksFor(program, row);
    return [...own, ...every, ...gained];
  });
  return { ...program, agents, blocks, gateways: [], tests: [] };
}

/** The same table, with whatever else forbidden. */
function onlyWhere(table: Table, where: Condition): Table {
  const rule = madeRule("r_000000000000", "never", { when: { op: "not", of: where } });
  const every = table.body.blocks.find(({ kind }) => kind === "every");
  const others = table.body.blocks.filter((block) => block !== every);
  const joined = {
    kind: "every" as const,
    name: "",
    limits: every?.limits ?? [],
    rules: [...(every?.rules ?? []), rule],
  };
  return { ...table, body: { ...table.body, blocks: [joined, ...others] } };
}

/** A session with all of these labels. */
export function withLabels(labels: readonly string[]): Condition {
  return { op: "and", of: labels.map((label) => ({ op: "session_has", label })) };
}
