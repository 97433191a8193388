/** ASI10: an agent that works against its owner. Somebody must see it, and be able to stop it. */
import { durationText } from "../../engine/index.ts";
import { type Assessment, declaration, evidenceOf, gap, measure, type PolicyView, stated } from "./policy-view.ts";

export function assessRogueAgents(view: PolicyView): Assessment {
  const { settings, breakers, canaries } = view.table.body;
  const { operators, auditors, lease, retain } = settings;
  const kills = breakers.filter(({ kill }) => kill.length > 0);
  const lines = view.rules.filter(({ row, block }) => block.kind === "every" && row.tier === "never");
  return {
    enforced: [
      ...measure("who can stop an agent, and how long a stop can go unnoticed", [
        ...operators.map((name) => declaration(view, "group", name, " are operators")),
        stated(`lease ${durationText(lease)}`),
      ]),
      ...measure("every decision is recorded, and somebody may read it", [
        ...auditors.map((name) => declaration(view, "group", name, " are auditors")),
        stated(`retain ${durationText(retain)}`),
      ]),
      ...measure(
        "breakers that kill by themselves",
        kills.map(({ name, kill }) => declaration(view, "breaker", name, ` kills ${kill.join(", ")}`, "breakers")),
      ),
      ...measure(
        "markers in data that give it away",
        canaries.map(({ name }) => declaration(view, "canary", name, "", "canaries")),
      ),
      ...measure("lines that no agent crosses", evidenceOf(view, lines)),
    ],
    open: [
      ...gap(kills.length === 0, "no breaker kills by itself: somebody has to notice", BREAKER),
      ...gap(canaries.length === 0, "no canary in data that no agent has business with", CANARY),
      ...gap(lines.length === 0, "no `never` in `every agent`", "write down what no agent may ever do"),
    ],
  };
}

const BREAKER = "add one: `breaker runaway { when 5 denied in 1m per session then kill session }`";
const CANARY = 'plant one, and declare its hash: `canary bait sha256 "…"`';
