/** What the policy of now says of the roles that an agent may become. */
import { canonicalJson, sha256Hex } from "../digest.ts";
import type { Deployment } from "../deployment.ts";
import type { OffersNow } from "../rpc.ts";

export function offersNow(deployment: Deployment, agent: string): OffersNow {
  const offers = deployment.agents.get(agent)?.may_become ?? [];
  return offers.map((offer) => ({ ...offer, terms: roleTerms(deployment, offer.role) }));
}

/** Digest of all rules and limits of a role, wherever they stand: their ids are digests of what they say. */
export function roleTerms({ table }: Deployment, role: string): string {
  const blocks = table.body.blocks.filter(({ kind, name }) => kind === "role" && name === role);
  const ids = blocks.flatMap(({ rules, limits }) => [...rules, ...limits].map(({ id }) => id));
  return sha256Hex(canonicalJson(ids.toSorted()));
}
