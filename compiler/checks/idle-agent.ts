/** AP4010 and AP4011: an agent that nothing is granted to, and one that nothing bounds. */
import { blocksFor, type CheckContext } from "./check.ts";

export function checkIdleAgent(context: CheckContext): void {
  const { program, report } = context;
  for (const { row: agent, span } of program.agents) {
    const { own, every } = blocksFor(program, agent);
    const grants = own.some((block) =>
      block.rules.some((rule) => rule.tier !== "never" && !rule.trial && rule.actions.length > 0),
    );
    if (!grants) {
      report.warning("AP4010", {
        span,
        message: `agent \`${agent.name}\` can do nothing`,
        label: "no rule of its roles grants anything",
        help: "give it a role with `allow`, `notify` or `ask`, or remove it",
      });
      continue;
    }
    if ([...own, ...every].some((block) => block.limits.some((limit) => !limit.trial))) continue;
    report.warning("AP4011", {
      span,
      message: `nothing limits how much agent \`${agent.name}\` does`,
      label: "no limit in its roles or in `every agent`",
      help: "add one for all: `every agent { limit * to 1000 in 1h per agent }`",
    });
  }
}
