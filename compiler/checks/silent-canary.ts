/** AP4110: a canary whose discovery nobody hears of. The request that holds it is denied, and the agent goes on. */
import type { CheckContext } from "./check.ts";

export function checkSilentCanary({ names, program, report }: CheckContext): void {
  const { canaries, breakers } = program;
  if (breakers.some(({ row }) => row.event.kind === "canary")) return;
  const [first, ...others] = canaries;
  if (!first || names.policy === null) return;
  const more = others.length === 0 ? "" : `, nor of the ${others.length === 1 ? "other" : `${others.length} others`}`;
  report.warning("AP4110", {
    span: first.span,
    message: `nobody hears of canary \`${first.row.name}\`${more}`,
    label: "no breaker reacts to it",
    help: "add one: `breaker leak { when canary per agent then kill agent }`",
  });
}
