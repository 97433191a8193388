/** A check looks for one design mistake in a policy that is otherwise right. One check is one file. */
import type { File, Source } from "../../dsl/index.ts";
import type { Agent } from "../../engine/index.ts";
import type { Names } from "../collect/names.ts";
import type { Program, ResolvedBlock } from "../program.ts";
import type { Report } from "../report.ts";
import type { CellMemory } from "./dead-rule/cell-memory.ts";

export interface CheckContext {
  readonly sources: readonly Source[];
  readonly files: readonly File[];
  readonly program: Program;
  readonly names: Names;
  /** `kind name` of everything that something refers to. */
  readonly used: ReadonlySet<string>;
  /** UTC milliseconds; null where nobody said what day it is. */
  readonly today: number | null;
  /** What earlier checks found out. */
  readonly cells: CellMemory;
  readonly report: Report;
}

export type Check = (context: CheckContext) => void;

export interface AgentBlocks {
  /** Its roles and its own rules: these grant and restrict. */
  readonly own: readonly ResolvedBlock[];
  /** `every agent`: these only restrict. */
  readonly every: readonly ResolvedBlock[];
  /** Roles that it may become: these grant and restrict while a session has gained them. */
  readonly gained: readonly ResolvedBlock[];
}

/** An agent, or nothing more than the roles of one. */
type Subject = Pick<Agent, "name" | "roles"> & Partial<Pick<Agent, "may_become">>;

/** What applies to an agent. */
export function blocksFor(program: Program, agent: Subject): AgentBlocks {
  const index = blockIndex(program);
  const names = [...agent.roles.map((role) => `role ${role}`), `agent ${agent.name}`];
  const found = (keys: readonly string[]): readonly ResolvedBlock[] => keys.flatMap((key) => index.get(key) ?? []);
  const { may_become: becoming = [] } = agent;
  const gained = becoming.filter(({ role }) => !agent.roles.includes(role)).map(({ role }) => `role ${role}`);
  return { own: found(names), every: found(["every "]), gained: found(gained) };
}

/** A policy may have thousands of agents, so each finds its blocks without looking through all. */
const indexes = new WeakMap<Program, ReadonlyMap<string, ResolvedBlock>>();

function blockIndex(program: Program): ReadonlyMap<string, ResolvedBlock> {
  const known = indexes.get(program);
  if (known) return known;
  const index = new Map(program.blocks.map((block) => [`${block.kind} ${block.name}`, block]));
  indexes.set(program, index);
  return index;
}
