/**
 * What came of a credential with which agents and gateways prove who they are, whatever kind it is of. The same kinds
 * serve both, but one credential is one client's: an agent is never taken for a gateway, nor the other way round.
 */
import type { Agent, Gateway } from "../../engine/index.ts";
import type { Credential } from "../rpc.ts";

export type Client =
  | { readonly kind: "agent"; readonly agent: Agent }
  | { readonly kind: "gateway"; readonly gateway: Gateway };

export type VerifyClient =
  | {
      readonly ok: true;
      readonly client: Client;
      /** What is remembered so that the credential is used once. */
      readonly credential: Credential;
    }
  /** Says what to do next; nothing in it tells who the agents and gateways are. */
  | { readonly ok: false; readonly problem: string };

export function refused(problem: string): VerifyClient {
  return { ok: false, problem };
}

export function nameOf(client: Client): string {
  return client.kind === "agent" ? client.agent.name : client.gateway.name;
}

export function identitiesOf(client: Client): Agent["identities"] {
  return client.kind === "agent" ? client.agent.identities : client.gateway.identities;
}

export function isSameClient(one: Client, other: Client): boolean {
  return one.kind === other.kind && nameOf(one) === nameOf(other);
}
