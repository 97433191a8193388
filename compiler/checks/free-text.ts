/** AP4005: a glob or a word can't tell what a query, a command or code will do. */
import type { Expression, PathExpression } from "../../dsl/index.ts";
import { expressionsIn } from "../resolve/define-traits.ts";
import { spellPath } from "../type/type-path.ts";
import type { CheckContext } from "./check.ts";

const FREE_TEXT = /^(sql|query|statement|command|cmd|code|script|shell)$/i;

export function checkFreeText({ program, report }: CheckContext): void {
  for (const rule of program.blocks.flatMap((block) => [...block.rules])) {
    if (rule.tier !== "allow" || rule.node.guard === null) continue;
    for (const node of expressionsIn(rule.node.guard.condition)) {
      const path = freeText(node);
      if (path === null) continue;
      report.warning("AP4005", {
        span: node.span,
        message: `a text test can't tell what \`${spellPath(path)}\` does`,
        label: "easily got round",
        help: "use `ask`, or an action with typed parameters for what is allowed",
      });
    }
  }
}

function freeText(node: Expression): PathExpression | null {
  if (node.kind !== "TextTest" || node.operator === "ends with" || node.left.kind !== "Path") return null;
  const [root, name] = node.left.segments;
  return root?.value === "args" && FREE_TEXT.test(name?.value ?? "") ? node.left : null;
}
