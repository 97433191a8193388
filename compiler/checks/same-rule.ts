/** AP4015: two rules of one block that mean the same. */
import type { LimitNode, RuleNode } from "../../dsl/index.ts";
import { meaningOfLimit, meaningOfRule } from "../lower/row-id.ts";
import type { CheckContext } from "./check.ts";

export function checkSameRule({ program, report }: CheckContext): void {
  for (const block of program.blocks) {
    const seen = new Map<string, RuleNode | LimitNode>();
    const rows = [
      ...block.rules.map((rule) => [rule.node, meaningOfRule(block, rule)] as const),
      ...block.limits.map((limit) => [limit.node, meaningOfLimit(block, limit)] as const),
    ];
    for (const [node, meaning] of rows) {
      const first = seen.get(meaning);
      if (!first) {
        seen.set(meaning, node);
        continue;
      }
      report.warning("AP4015", {
        span: node.span,
        message: `this ${node.kind.toLowerCase()} stands here twice`,
        label: "means the same",
        related: [{ span: first.span, label: "as this one" }],
        help: "remove one of them",
        // Both texts of `///` stand in the row, so removing one of them would change it.
        fix: node.doc === null ? { title: "remove it", edits: [{ span: node.span, text: "" }] } : null,
      });
    }
  }
}
