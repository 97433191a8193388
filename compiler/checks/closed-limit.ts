/** AP4017: a limit to nothing. */
import type { CheckContext } from "./check.ts";

export function checkClosedLimit({ program, report }: CheckContext): void {
  for (const limit of program.blocks.flatMap((block) => [...block.limits])) {
    if (limit.n !== "0") continue;
    report.warning("AP4017", {
      span: limit.node.to.span,
      message: "this limit never admits anything",
      label: limit.via === null ? "the same as `never`" : "the same as `ask`",
      help: limit.via === null ? "write a `never` rule, which says so" : "write an `ask` rule, which says so",
    });
  }
}
