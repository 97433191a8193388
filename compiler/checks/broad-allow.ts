/** AP4002: what can't be taken back is allowed without condition and without limit. */
import type { Action } from "../../engine/index.ts";
import type { ResolvedBlock, ResolvedRule } from "../program.ts";
import { listNames } from "../type/type-path.ts";
import type { CheckContext } from "./check.ts";
import { namingSelector } from "./naming-selector.ts";
import { mayConcern, surelyAbout } from "./restricts.ts";
import { holderOf, witness } from "./witness.ts";

const DANGEROUS: readonly string[] = ["delete", "irreversible", "admin", "spend", "execute"];

export function checkBroadAllow(context: CheckContext): void {
  const { program } = context;
  const every = program.blocks.filter((block) => block.kind === "every");
  for (const block of program.blocks) {
    for (const rule of block.rules) {
      if (rule.tier !== "allow" || rule.trial || rule.when !== null || rule.scope.on !== null) continue;
      const open = rule.actions.filter((action) => isDangerous(action) && !isBounded(action, [block, ...every]));
      const [first] = open;
      if (!first) continue;
      const agent = holderOf(program, block);
      const shown = agent === null ? null : witness(context, { agent, action: first.name, where: null, fate: "allow" });
      reportOpen(rule, open, first, shown, context.report);
    }
  }
}

function isDangerous(action: Action): boolean {
  return action.classes.some((entry) => DANGEROUS.includes(entry.name));
}

/** A limit bounds it, and a rule that always asks or forbids leaves nothing of the `allow`. */
function isBounded(action: Action, blocks: readonly ResolvedBlock[]): boolean {
  return blocks.some(
    (block) =>
      block.limits.some((limit) => mayConcern(limit, action)) ||
      block.rules.some((rule) => isStrict(rule) && rule.when === null && surelyAbout(rule, action)),
  );
}

function isStrict(rule: ResolvedRule): boolean {
  return rule.tier === "ask" || rule.tier === "never";
}

function reportOpen(
  rule: ResolvedRule,
  open: readonly Action[],
  first: Action,
  shown: string | null,
  report: CheckContext["report"],
): void {
  const classes = first.classes.map((entry) => entry.name).filter((name) => DANGEROUS.includes(name));
  report.warning("AP4002", {
    span: namingSelector(rule, first),
    message: `${listNames(open.map((action) => action.name))} may run any number of times without a condition`,
    label: `\`${first.name}\` is ${classes.map((name) => `\`${name}\``).join(", ")}`,
    help: "add a condition with `when`, a limit, or use `ask`",
    witness: shown,
  });
}
