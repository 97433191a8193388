/** AP4018: without an agent nothing is ever decided, whatever the rules say. */
import type { CheckContext } from "./check.ts";

export function checkNoAgent({ names, report }: CheckContext): void {
  if (names.policy === null || names.by.agent.size > 0) return;
  report.warning("AP4018", {
    span: names.policy.name.span,
    message: "the policy has no agent",
    label: "nobody may do anything",
    help: "declare one: `agent NAME { … }`; `agentpolicy keys new NAME` makes its key",
  });
}
