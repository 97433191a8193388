/** AP4007: a sum over amounts of several currencies or units means nothing. */
import type { Action, ParamType } from "../../engine/index.ts";
import type { ResolvedLimit } from "../program.ts";
import type { CheckContext } from "./check.ts";

const UNIT = /^(currency|unit|asset|coin|token)$/i;

export function checkMixedUnits({ program, report }: CheckContext): void {
  for (const limit of program.blocks.flatMap((block) => [...block.limits])) {
    if (limit.total === null || limit.node.total === null) continue;
    const unit = limit.actions.map((action) => unitOf(action, limit)).find((name) => name !== null);
    if (unit === undefined || unit === null) continue;
    report.warning("AP4007", {
      span: limit.node.total.span,
      message: `this adds up amounts of every \`${unit}\``,
      label: `\`args.${unit}\` is no key of the limit`,
      help: `count each by itself: \`per ${limit.per}, args.${unit}\``,
      fix: {
        title: `add the key \`args.${unit}\``,
        edits: [{ span: { ...limit.node.per.span, start: limit.node.per.span.end }, text: `, args.${unit}` }],
        changesTable: true,
      },
    });
  }
}

function unitOf(action: Action, limit: ResolvedLimit): string | null {
  const unit = action.params.find((param) => UNIT.test(param.name) && isSeveral(param.type));
  return unit && !limit.keys.some(([name]) => name === unit.name) ? unit.name : null;
}

function isSeveral(type: ParamType): boolean {
  return type.kind === "string" || (type.kind === "enum" && type.values.length > 1);
}
