/** Who holds the identities of the policy that an issuer or a certificate authority vouches for; built once a deployment. */
import type { Agent, Identity, TableBody } from "../../engine/index.ts";

export type OidcIdentity = Extract<Identity, { kind: "oidc" }>;

/** `agent` is null where the holder isn't one: a gateway asks for agents and is none itself. */
export interface OidcHolder {
  readonly agent: Agent | null;
  readonly identity: OidcIdentity;
}

export interface IdentityIndex {
  readonly byIssuer: ReadonlyMap<string, readonly OidcHolder[]>;
  /** By fingerprint (64 hex digits); null where it isn't one agent's alone. */
  readonly byCertificate: ReadonlyMap<string, Agent | null>;
}

export function identityIndex({ agents, gateways }: Pick<TableBody, "agents" | "gateways">): IdentityIndex {
  const byIssuer = new Map<string, OidcHolder[]>();
  const byCertificate = new Map<string, Agent | null>();
  const add = (agent: Agent | null, identity: Identity): void => {
    if (identity.kind === "oidc") {
      const holders = byIssuer.get(identity.issuer) ?? [];
      byIssuer.set(identity.issuer, holders);
      holders.push({ agent, identity });
    }
    if (identity.kind === "mtls") byCertificate.set(identity.sha256, byCertificate.has(identity.sha256) ? null : agent);
  };
  for (const agent of agents) for (const identity of agent.identities) add(agent, identity);
  for (const gateway of gateways) for (const identity of gateway.identities) add(null, identity);
  return { byIssuer, byCertificate };
}
