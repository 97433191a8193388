/** Which switches a breaker's kill flips: of what it lists, whatever made it trip. Pure. */
import type { Breaker } from "../../engine/index.ts";
import type { Scene, Trip } from "../rpc.ts";
import { requesterName } from "../switches/switch-reach.ts";

export function killTargets(scopes: Breaker["kill"], { session, agent, requester }: Scene): Trip["kill"] {
  const targets = scopes.map((scope): Trip["kill"][number] => {
    switch (scope) {
      case "session":
        return { scope, name: session };
      case "agent":
        return { scope, name: agent };
      case "requester":
        // Without a person a switch on one stops nobody else than this session.
        return requester === null ? { scope: "session", name: session } : { scope, name: requesterName(requester) };
      case "fleet":
        return { scope, name: "*" };
    }
  });
  return targets.filter(
    ({ scope, name }, at) => targets.findIndex((other) => other.scope === scope && other.name === name) === at,
  );
}
