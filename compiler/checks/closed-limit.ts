/** AP4017: a limit to nothing, or to less than any single amount. */
import type { ParamType } from "../../engine/index.ts";
import { point } from "./point.ts";
import type { ResolvedLimit } from "../program.ts";
import type { CheckContext } from "./check.ts";

export function checkClosedLimit({ program, report }: CheckContext): void {
  for (const limit of program.blocks.flatMap((block) => [...block.limits])) {
    const least = limit.n === "0" ? null : leastAmount(limit);
    if (limit.n !== "0" && (least === null || !isLess(limit.n, least))) continue;
    const same = limit.via === null ? "the same as `never`" : "the same as `ask`";
    report.warning("AP4017", {
      span: limit.node.to.span,
      message: "this limit never admits anything",
      label: least === null ? same : `${same}: each amount is at least ${least}`,
      help: limit.via === null ? "write a `never` rule, which says so" : "write an `ask` rule, which says so",
    });
  }
}

/** The smallest amount that any of the actions takes; null where one takes any. */
function leastAmount({ total, actions }: ResolvedLimit): string | null {
  if (total === null || actions.length === 0) return null;
  const amounts = actions.map((action) => minimum({ kind: "record", fields: action.params }, total));
  if (amounts.includes(null)) return null;
  return amounts.reduce((least, amount) =>
    least === null || (amount !== null && isLess(amount, least)) ? amount : least,
  );
}

function minimum(type: ParamType | undefined, path: readonly string[]): string | null {
  const [name, ...rest] = path;
  if (type?.kind === "record") return minimum(type.fields.find((field) => field.name === name)?.type, rest);
  if (type?.kind !== "int" && type?.kind !== "decimal") return null;
  return type.min === null ? null : String(type.min);
}

function isLess(a: string, b: string): boolean {
  return point({ type: "number", value: a }) < point({ type: "number", value: b });
}
