/** AP4005: a glob or a word can't tell what a query, a command or code will do. */
import type { Expression, PathExpression } from "../../dsl/index.ts";
import { expressionsIn } from "../resolve/define-traits.ts";
import { spellPath } from "../type/type-path.ts";
import type { ResolvedBlock, ResolvedRule } from "../program.ts";
import type { CheckContext } from "./check.ts";
import { holderOf, witness } from "./witness.ts";

const FREE_TEXT = /^(sql|query|statement|command|cmd|code|script|shell)$/i;

export function checkFreeText(context: CheckContext): void {
  const { program, report } = context;
  const rules = program.blocks.flatMap((block) => block.rules.map((rule) => ({ block, rule })));
  for (const { block, rule } of rules) {
    if (rule.tier !== "allow" || rule.node.guard === null) continue;
    for (const node of expressionsIn(rule.node.guard.condition)) {
      const path = freeText(node);
      if (path === null) continue;
      report.warning("AP4005", {
        span: node.span,
        message: `a text test can't tell what \`${spellPath(path)}\` does`,
        label: "easily got round",
        help: "use `ask`, or an action with typed parameters for what is allowed",
        witness: passing(context, block, rule),
      });
    }
  }
}

/** A text that passes. */
function passing(context: CheckContext, block: ResolvedBlock, rule: ResolvedRule): string | null {
  const agent = holderOf(context.program, block);
  const [action] = rule.actions;
  if (agent === null || !action || rule.scope.on !== null || rule.trial) return null;
  return witness(context, { agent, action: action.name, where: rule.when, fate: "allow" });
}

function freeText(node: Expression): PathExpression | null {
  if (node.kind !== "TextTest" || node.operator === "ends with" || node.left.kind !== "Path") return null;
  const [root, name] = node.left.segments;
  return root?.value === "args" && FREE_TEXT.test(name?.value ?? "") ? node.left : null;
}
