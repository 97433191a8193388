/** Facts that `match` reads. Undefined is unknown: absent, or not told by who would vouch for it. */
import type { Fact } from "../condition.ts";
import type { Requester } from "../request.ts";
import type { Group } from "../table.ts";
import type { Read } from "./operand.ts";
import type { Scope } from "./scope.ts";

export function readFact(fact: Fact, scope: Scope): Read {
  if (fact === "requester.groups") return requesterGroups(scope);
  const read = READS[fact];
  if (read === undefined) throw new Error(`a rule reads \`${fact}\` where only the session could`);
  return read;
}

const READS: { readonly [fact in Fact]?: Read } = {
  "agent.id": (frame) => frame.agent.name,
  "agent.owner": (frame) => frame.agent.owner,
  "agent.roles": (frame) => frame.agent.roles,
  environment: (frame) => frame.request.environment,
  "requester.id": (frame) => frame.request.requester?.id,
  resource: (frame) => frame.resource ?? undefined,
  "request.ip": (frame) => frame.request.ip,
  "request.country": (frame) => frame.request.country,
  "request.time": (frame) => frame.request.at,
  "claimed.confidence": (frame) => frame.request.confidence,
  "session.id": (frame) => frame.request.session,
};

function requesterGroups({ groups }: Scope): Read {
  const all = [...groups.values()];
  return (frame) => {
    const { requester } = frame.request;
    return requester === undefined
      ? undefined
      : all.filter((group) => isMember(requester, group)).map((group) => group.name);
  };
}

/** Does the requester belong to the group, by verified address or by claim? */
export function isMember(requester: Requester, group: Group): boolean {
  if (group.members !== null) return requester.email !== undefined && group.members.includes(requester.email);
  if (group.claim === null) return false;
  const { name, value } = group.claim;
  const claimed = Object.hasOwn(requester.claims, name) ? requester.claims[name] : undefined;
  return typeof claimed === "string" ? claimed === value : (claimed?.includes(value) ?? false);
}
