/** A request that shows a finding, as a step of a test: found in the decision space, and decided by the engine. */
import type { Condition, Rule, Table } from "../../engine/index.ts";
import { decisionOn } from "../analysis/space/decision-on.ts";
import { possibleOutcomes, type PossibleOutcome } from "../analysis/space/possible-outcomes.ts";
import { testText } from "../analysis/witness/test-text.ts";
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

/** The first findings show a request. Each costs a search, and a policy with more of them has other worries. */
const MOST_WITNESSES = 12;

const spent = new WeakMap<Program, number>();

/** Null where there is no such request, where none was found, or where a test couldn't state it. */
export function witness({ program, report }: CheckContext, shown: Shown): string | null {
  const before = spent.get(program) ?? 0;
  // What can't be compiled can't be asked.
  if (before >= MOST_WITNESSES || report.diagnostics.some(({ level }) => level === "error")) return null;
  spent.set(program, before + 1);
  const table = lowerTable(around(program, shown), []);
  const agent = table.body.agents.find(({ name }) => name === shown.agent);
  const action = table.body.actions.find(({ name }) => name === shown.action);
  if (!agent || !action) return null;
  const bounded = shown.where === null ? table : onlyWhere(table, shown.where);
  const { outcomes } = possibleOutcomes({ table: bounded, agent, action });
  const found = outcomes.find(({ fate }) => fate.tier === shown.fate);
  if (!found) return null;
  const text = testText(table, "", found.question, decisionOn(table, found.question));
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
function around(program: Program, { agent }: Shown): Program {
  const agents = program.agents.filter(({ row }) => row.name === agent);
  const blocks = agents.flatMap(({ row }) => {
    const { own, every } = blocksFor(program, row);
    return [...own, ...every];
  });
  return { ...program, agents, blocks, gateways: [], tests: [] };
}

/** The same table, with whatever else forbidden. */
function onlyWhere(table: Table, where: Condition): Table {
  const rule: Rule = {
    id: "r_000000000000",
    tier: "never",
    trial: false,
    scope: { select: [{ kind: "any" }], except: [], on: null, on_except: [] },
    when: { op: "not", of: where },
    to: [],
    via: [],
    until: null,
    text: "",
    doc: null,
  };
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
