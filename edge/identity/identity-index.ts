/** Who holds the identities of the policy, agents and gateways; built once a deployment. */
import type { Gateway, Identity, TableBody } from "../../engine/index.ts";
import { identitiesOf, nameOf } from "./verified-client.ts";
import type { Client } from "./verified-client.ts";

export type OidcIdentity = Extract<Identity, { kind: "oidc" }>;

export interface OidcHolder {
  readonly client: Client;
  readonly identity: OidcIdentity;
}

export interface IdentityIndex {
  /** An agent and a gateway may have one name. */
  readonly byName: ReadonlyMap<string, readonly Client[]>;
  readonly byIssuer: ReadonlyMap<string, readonly OidcHolder[]>;
  /** By fingerprint (64 hex digits); null where it isn't one client's alone. */
  readonly byCertificate: ReadonlyMap<string, Client | null>;
  readonly gateways: ReadonlyMap<string, Gateway>;
}

export function identityIndex({ agents, gateways }: Pick<TableBody, "agents" | "gateways">): IdentityIndex {
  const byName = new Map<string, Client[]>();
  const byIssuer = new Map<string, OidcHolder[]>();
  const byCertificate = new Map<string, Client | null>();
  for (const client of clientsOf(agents, gateways)) {
    listUnder(byName, nameOf(client)).push(client);
    for (const identity of identitiesOf(client)) {
      if (identity.kind === "oidc") listUnder(byIssuer, identity.issuer).push({ client, identity });
      if (identity.kind === "mtls")
        byCertificate.set(identity.sha256, byCertificate.has(identity.sha256) ? null : client);
    }
  }
  return { byName, byIssuer, byCertificate, gateways: new Map(gateways.map((gateway) => [gateway.name, gateway])) };
}

function clientsOf(agents: TableBody["agents"], gateways: TableBody["gateways"]): readonly Client[] {
  return [
    ...agents.map((agent) => ({ kind: "agent" as const, agent })),
    ...gateways.map((gateway) => ({ kind: "gateway" as const, gateway })),
  ];
}

function listUnder<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
