/** What an edge has to deliver for a table, beyond the request and its session. */
import type { Need, TableBody } from "../../engine/index.ts";
import { selectsOpening } from "../resolve/opening.ts";

type Body = Omit<TableBody, "needs">;

/** Sorted. Rehearsals count too: they are decided from the same facts. */
export function needsOf(body: Body): readonly Need[] {
  return (Object.keys(NEEDED_BY) as readonly Need[]).filter((need) => NEEDED_BY[need](body)).toSorted();
}

const NEEDED_BY: { readonly [need in Need]: (body: Body) => boolean } = {
  breakers: ({ breakers }) => breakers.length > 0,
  canaries: ({ canaries }) => canaries.length > 0,
  decoys: ({ approvals }) => approvals.some(({ decoys }) => decoys !== null),
  delegation: ({ agents }) => agents.some(({ may_call }) => may_call.length > 0),
  elevation: ({ agents }) => agents.some(({ may_become }) => may_become.length > 0),
  escalation: ({ approvals }) => approvals.some(({ escalate }) => escalate.length > 0),
  fatigue: ({ approvals }) => approvals.some(({ fatigue }) => fatigue !== null),
  gateways: ({ gateways }) => gateways.length > 0,
  "limits per fleet": (body) => limitsPer(body, "fleet"),
  "limits per requester": (body) => limitsPer(body, "requester"),
  "live sets": ({ live_sets }) => live_sets.length > 0,
  "mtls identities": (body) => identities(body, "mtls"),
  "oidc identities": (body) => identities(body, "oidc"),
  "opening limits": ({ blocks }) =>
    blocks.some(({ rules, limits }) =>
      [...rules.filter(({ tier }) => tier === "never"), ...limits].some(({ scope }) =>
        scope.select.some(selectsOpening),
      ),
    ),
  reuse: ({ approvals }) => approvals.some(({ reuse }) => reuse !== null),
  "tool digests": ({ actions }) => actions.some(({ tool }) => (tool?.sha256 ?? null) !== null),
};

function limitsPer({ blocks }: Body, per: "fleet" | "requester"): boolean {
  return blocks.some(({ limits }) => limits.some((limit) => limit.per === per));
}

function identities({ agents, gateways }: Body, kind: "mtls" | "oidc"): boolean {
  return [...agents, ...gateways].some((owner) => owner.identities.some((identity) => identity.kind === kind));
}
