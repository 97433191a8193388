/** ASI08: one failure that sets off many. Limits, breakers and the length of a session stop it. */
import { durationText } from "../../engine/index.ts";
import { type Assessment, declaration, evidenceOf, gap, measure, type PolicyView, stated } from "./policy-view.ts";

export function assessCascadingFailures(view: PolicyView): Assessment {
  const { breakers, settings, agents } = view.table.body;
  const wide = view.limits.filter(({ row }) => row.per !== "session");
  const counting = breakers.filter(({ event }) => event.kind !== "canary");
  return {
    enforced: [
      ...measure("limits that hold across sessions", evidenceOf(view, wide)),
      ...measure(
        "breakers that stop what goes wrong",
        counting.map(({ name, kill, tell }) => declaration(view, "breaker", name, consequence(kill, tell), "breakers")),
      ),
      ...measure("sessions end, and a cut-off edge stops", [
        stated(`session lifetime ${durationText(settings.session.lifetime)}, lease ${durationText(settings.lease)}`),
      ]),
    ],
    open: [
      ...gap(agents.length > 0 && wide.length === 0, "no limit holds across sessions", LIMIT),
      ...gap(counting.length === 0, "no breaker stops an agent whose actions fail or are denied", BREAKER),
    ],
  };
}

function consequence(kill: readonly string[], tell: readonly string[]): string {
  const parts = [...kill.map((scope) => `kill ${scope}`), ...tell.map((channel) => `tell ${channel}`)];
  return parts.length === 0 ? "" : ` then ${parts.join(", ")}`;
}

const LIMIT = "in `every agent`: `limit * to 1000 in 1h per agent`";
const BREAKER = "add one: `breaker runaway { when 5 denied in 1m per session then kill session }`";
