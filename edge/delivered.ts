/**
 * What a table may need and this edge delivers (`NEEDS` in the engine), and what a missing one means to whoever wrote
 * the policy. Pure data: the commands read it too, to say so before anything runs.
 */
import type { Need, TableBody } from "../engine/index.ts";

const DELIVERED: readonly Need[] = [
  "breakers",
  "canaries",
  "delegation",
  "gateways",
  "elevation",
  "limits per fleet",
  "limits per requester",
  "live sets",
  "mtls identities",
  "oidc identities",
  "opening limits",
  "tool digests",
];

export interface Undelivered {
  readonly need: Need;
  /** What of the policy it is, and what becomes of it here. */
  readonly meaning: string;
}

/** What of the table this edge can't do yet, by need; in the table's order. */
export function undelivered({ needs }: Pick<TableBody, "needs">): readonly Undelivered[] {
  return needs.filter((need) => !DELIVERED.includes(need)).map((need) => ({ need, meaning: MEANINGS[need] }));
}

const MEANINGS: { readonly [need in Need]: string } = {
  breakers: "`breaker …`: this edge can't watch for it yet, so it never trips; flip kill switches by hand",
  canaries: "`canary …`: this edge can't look for it yet, so every request is denied",
  decoys: "`decoys …`: this edge mixes none in yet",
  delegation: "`may call …`: this edge can't open a session below another yet, so no agent calls another",
  elevation: "`may become …`: this edge can't give a role for a time yet, so it is never gained",
  escalation: "`escalate …`: this edge widens no approvers yet, so only `approvers` decide",
  fatigue: "`fatigue …`: this edge doesn't cap a person's approvals yet",
  gateways: "`gateway …`: this edge lets none in yet, so each agent asks by itself",
  "limits per fleet":
    "`limit … per fleet`: this edge can't count it yet, so what it limits is denied, or asked with `then ask`",
  "limits per requester":
    "`limit … per requester`: this edge can't count it yet, so what it limits is denied, or asked with `then ask`",
  "live sets":
    "`live set …`: this edge can't read it yet, so what rests on it is unknown: it never grants and always restricts",
  "mtls identities": "`identity mtls …`: this edge can't verify it yet, so it opens no session",
  "oidc identities": "`identity oidc …`: this edge can't verify it yet, so it opens no session",
  "opening limits": "`limit session.open …`: this edge can't count it yet, so no session opens",
  reuse: "`reuse …`: this edge asks people about every request by itself yet",
  "tool digests":
    "`server … sha256 …`: nobody compares tools with what was reviewed yet, so a changed tool goes unnoticed",
};
