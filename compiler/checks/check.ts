/** A check looks for one design mistake in a policy that is otherwise right. One check is one file. */
import type { File, Source } from "../../dsl/index.ts";
import type { Agent } from "../../engine/index.ts";
import type { Names } from "../collect/names.ts";
import type { Program, ResolvedBlock } from "../program.ts";
import type { Report } from "../report.ts";

export interface CheckContext {
  readonly sources: readonly Source[];
  readonly files: readonly File[];
  readonly program: Program;
  readonly names: Names;
  /** `kind name` of everything that something refers to. */
  readonly used: ReadonlySet<string>;
  /** UTC milliseconds; null where nobody said what day it is. */
  readonly today: number | null;
  readonly report: Report;
}

export type Check = (context: CheckContext) => void;

export interface AgentBlocks {
  /** Its roles and its own rules: these grant and restrict. */
  readonly own: readonly ResolvedBlock[];
  /** `every agent`: these only restrict. */
  readonly every: readonly ResolvedBlock[];
}

/** What applies to an agent. */
export function blocksFor(program: Program, agent: Pick<Agent, "name" | "roles">): AgentBlocks {
  const index = blockIndex(program);
  const names = [...agent.roles.map((role) => `role ${role}`), `agent ${agent.name}`];
  const own = names.map((name) => index.get(name)).filter((block) => block !== undefined);
  const every = index.get("every ");
  return { own, every: every ? [every] : [] };
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
