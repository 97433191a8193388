/** AP4003: `allow *` grants what nobody has thought of yet. */
import type { CheckContext } from "./check.ts";

export function checkAllowEverything({ program, report }: CheckContext): void {
  for (const rule of program.blocks.flatMap((block) => [...block.rules])) {
    if (rule.tier !== "allow" || rule.trial) continue;
    const any = rule.node.select.find((selector) => selector.kind === "AnySelector");
    if (!any) continue;
    report.warning("AP4003", {
      span: any.span,
      message: "`allow *` also grants every action that is declared later",
      label: "everything",
      help: "name the actions, a prefix such as `crm.*`, or a class such as `read`",
    });
  }
}
