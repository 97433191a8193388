/** A check looks for one design mistake in a policy that is otherwise right. One check is one file. */
import type { Names } from "../collect/names.ts";
import type { Program, ResolvedBlock } from "../program.ts";
import type { Report } from "../report.ts";

export interface CheckContext {
  readonly program: Program;
  readonly names: Names;
  /** `kind name` of everything that something refers to. */
  readonly used: ReadonlySet<string>;
  /** UTC milliseconds; null where nobody said what day it is. */
  readonly today: number | null;
  readonly report: Report;
}

export type Check = (context: CheckContext) => void;

/** Blocks by what they belong to. */
export function blocksFor(
  program: Program,
  agent: { readonly name: string; readonly roles: readonly string[] },
): {
  /** Its roles and its own rules: these grant and restrict. */
  readonly own: readonly ResolvedBlock[];
  /** `every agent`: these only restrict. */
  readonly every: readonly ResolvedBlock[];
} {
  const own = program.blocks.filter(
    (block) =>
      (block.kind === "role" && agent.roles.includes(block.name)) ||
      (block.kind === "agent" && block.name === agent.name),
  );
  return { own, every: program.blocks.filter((block) => block.kind === "every") };
}
