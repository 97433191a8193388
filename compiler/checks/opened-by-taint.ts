/** AP4014: a grant that only a taint label opens. Reading a stranger's text should narrow what is possible. */
import type { Action } from "../../engine/index.ts";
import type { Program, ResolvedBlock, ResolvedRule } from "../program.ts";
import { assumeLabels, type Truth } from "./assume.ts";
import { blocksFor, type CheckContext } from "./check.ts";
import { holderOf, witness } from "./witness.ts";

export function checkOpenedByTaint(context: CheckContext): void {
  const { program, report } = context;
  const taints = new Set(program.labels.filter(({ row }) => row.kind === "taint").map(({ row }) => row.name));
  if (taints.size === 0) return;
  for (const block of program.blocks.filter((candidate) => candidate.kind !== "every")) {
    for (const rule of block.rules) {
      if (!isGrant(rule) || !isOpenedBy(rule, taints)) continue;
      const action = rule.actions.find((candidate) => !isGrantedElsewhere(program, block, candidate, taints));
      if (!action) continue;
      report.warning("AP4014", {
        span: rule.node.guard?.span ?? rule.node.tierSpan,
        message: `\`${action.name}\` becomes possible only after reading what a stranger wrote`,
        label: "a taint label opens it",
        help: "grant it without the label, and restrict it in `every agent` with the label",
        witness: opening(context, block, rule, action),
      });
    }
  }
}

function opening(context: CheckContext, block: ResolvedBlock, rule: ResolvedRule, action: Action): string | null {
  const agent = holderOf(context.program, block);
  if (agent === null || rule.tier === "never") return null;
  return witness(context, { agent, action: action.name, where: rule.when, fate: rule.tier });
}

function isGrant(rule: ResolvedRule): boolean {
  return rule.tier !== "never" && !rule.trial;
}

function isOpenedBy(rule: ResolvedRule, taints: ReadonlySet<string>): boolean {
  if (rule.when === null) return false;
  const without = (label: string): Truth => (taints.has(label) ? "false" : "unknown");
  const along = (label: string): Truth => (taints.has(label) ? "true" : "unknown");
  return assumeLabels(rule.when, without) === "false" && assumeLabels(rule.when, along) !== "false";
}

/** In the block itself, or in what every agent with this block also has. */
function isGrantedElsewhere(
  program: Program,
  block: ResolvedBlock,
  action: Action,
  taints: ReadonlySet<string>,
): boolean {
  const grants = (blocks: readonly ResolvedBlock[]): boolean =>
    blocks.some((candidate) =>
      candidate.rules.some((rule) => isGrant(rule) && rule.actions.includes(action) && !isOpenedBy(rule, taints)),
    );
  if (grants([block])) return true;
  const holders = program.agents.map(({ row }) => blocksFor(program, row).own).filter((own) => own.includes(block));
  return holders.length > 0 && holders.every(grants);
}
