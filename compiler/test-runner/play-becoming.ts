/** `become ROLE`: the root session's agent asks for a role for a while. */
import { durationText } from "../../engine/index.ts";
import type { Decision } from "../../engine/index.ts";
import type { ResolvedBecoming } from "../program.ts";
import { askPeople } from "./ask-people.ts";
import { guardSession } from "./guard-session.ts";
import { agentOf, NOTHING, refusal, type Run, seatOf, type World } from "./test-world.ts";

export function playBecoming(world: World, run: Run, { role, answer }: ResolvedBecoming): Decision {
  const held = guardSession(world, run);
  if (held !== null) return held;
  const { agent, session } = seatOf(run);
  const offer = agentOf(world, agent).may_become.find((one) => one.role === role);
  if (offer === undefined) return refusal("no_rule", `agent \`${agent}\` has no \`may become ${role}\``);
  const asked = { ...NOTHING, tier: "ask", approvals: [offer.via] } as const;
  return askPeople(world, run.people, {
    question: { ...asked, decision: "ask", message: `role \`${role}\` needs \`${offer.via}\`` },
    answer,
    subject: { agent, session, action: `become ${role}`, args: {} },
    admit: () => {
      run.tree.gain(role, world.now + offer.duration);
      const message = `agent \`${agent}\` has role \`${role}\` for ${durationText(offer.duration)}`;
      return { ...asked, decision: "allow", message };
    },
  });
}
