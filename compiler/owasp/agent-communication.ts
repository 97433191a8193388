/** ASI07: agents that let others work for them. */
import { type Assessment, declaration, gap, measure, type PolicyView } from "./policy-view.ts";

export function assessAgentCommunication(view: PolicyView): Assessment {
  const { agents, gateways } = view.table.body;
  const calls = agents.flatMap((agent) =>
    agent.may_call.map((call) => ({
      agent,
      evidence: declaration(view, "agent", agent.name, ` may call ${call.agent}`, "delegation"),
      everything: call.select.some(({ kind }) => kind === "any"),
    })),
  );
  const wide = calls.filter(({ everything }) => everything).map(({ agent }) => `\`${agent.name}\``);
  const alone = agents
    .filter((agent) => agent.may_call.length === 0)
    .map(({ name }) => declaration(view, "agent", name));
  return {
    enforced: [
      ...measure(
        "who may let whom do what; decided for every agent on the chain, with one set of labels",
        calls.map(({ evidence }) => evidence),
      ),
      ...measure("no other agent works for these", alone),
      ...measure(
        "gateways that ask for the agents they have authenticated",
        gateways.map(({ name, agents: served }) =>
          declaration(view, "gateway", name, ` for ${served.join(", ")}`, "gateways"),
        ),
      ),
    ],
    open: gap(wide.length > 0, `may let another agent do everything: ${[...new Set(wide)].join(", ")}`, NARROW),
  };
}

const NARROW = "name the actions: `may call AGENT for email.send`";
