/**
 * Who asks, by the one credential that the call takes. A credential of another kind isn't tried as this one: what
 * isn't accepted is 401, and a person who may not do this is 403.
 */
import type { Gateway } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import { shownCertificate } from "../identity/client-certificate.ts";
import type { Moment } from "../identity/issuer-keys.ts";
import { IssuerUnreachable } from "../identity/oidc-token.ts";
import { bearerToken, shownPerson, verifyPerson } from "../identity/people.ts";
import type { Person } from "../identity/people.ts";
import { verifySessionToken } from "../identity/session-token.ts";
import type { SessionClaims } from "../identity/session-token.ts";
import { isGatewayToken, isSessionToken } from "../token-type.ts";
import { verifyGatewayToken } from "../identity/gateway-token.ts";
import type { VerifyClient } from "../identity/verified-client.ts";
import { verifyClient } from "../identity/verify-client.ts";
import type { Link, Caller as ObjectCaller } from "../rpc.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem, retryAfter, unauthenticated } from "./problem.ts";

export type Caller =
  | { readonly kind: "session"; readonly claims: SessionClaims }
  | { readonly kind: "person"; readonly person: Person };

export type Client = Extract<VerifyClient, { ok: true }>;

/** An agent or a gateway, by a credential of its own. */
export async function requireClient(c: AppContext): Promise<Client> {
  const { headers } = c.req.raw;
  const token = bearerToken(headers);
  if (token === null && headers.has("Authorization"))
    throw unauthenticated("send the agent's credential as `Authorization: Bearer …`");
  const certificate = shownCertificate(c.req.raw, c.get("deployment"));
  const verified = await trustIssuer(() => verifyClient({ token, certificate }, c.get("deployment"), momentOf(c)));
  if (!verified.ok) throw unauthenticated(verified.problem);
  return verified;
}

/** A gateway by its gateway token; without one by its client certificate, which each connection proves anew. */
export async function requireGateway(c: AppContext): Promise<Gateway> {
  const deployment = c.get("deployment");
  const now = c.get("now");
  const { headers } = c.req.raw;
  const token = bearerToken(headers);
  if (token === null && !headers.has("Authorization")) return gatewayOfCertificate(c);
  if (token === null) throw unauthenticated("send the gateway token as `Authorization: Bearer …`");
  const verified = await verifyGatewayToken(deployment.sessions, token, now);
  if (!verified.ok && verified.expired)
    throw unauthenticated("the gateway token has expired; get a fresh one with `POST /v1/gateway/token`");
  const gateway = verified.ok ? deployment.identities.gateways.get(verified.gateway) : undefined;
  if (gateway === undefined)
    throw unauthenticated("this is no gateway token of this deployment; get one with `POST /v1/gateway/token`");
  return gateway;
}

async function gatewayOfCertificate(c: AppContext): Promise<Gateway> {
  const { client } = await requireClient(c);
  if (client.kind === "gateway") return client.gateway;
  throw unauthenticated("only a gateway asks here; this certificate is an agent's");
}

/** @throws HttpProblem `forbidden` where the policy doesn't name the agent behind the gateway's `for` */
export function requireServed({ name, agents }: Gateway, agent: string): void {
  if (!agents.includes(agent))
    throw new HttpProblem("forbidden", `the policy doesn't let gateway \`${name}\` ask for this agent`);
}

/** The request's time, and a way to finish something when it has been answered. */
export function momentOf(c: AppContext): Moment {
  return { now: c.get("now"), later: (work) => c.executionCtx.waitUntil(work) };
}

/** As objects want it: what the token says, which they compare with what they stored. */
export function callerOf({ sequence }: Deployment, { agent, session, chain }: SessionClaims): ObjectCaller {
  return { sequence, agent, session, chain };
}

export async function requireSession(c: AppContext): Promise<SessionClaims> {
  const token = bearerToken(c.req.raw.headers);
  if (token === null) throw unauthenticated("send the session token as `Authorization: Bearer …`");
  return sessionClaims(c, token, false);
}

/** Beside the agent's credential, in the header `Session-Token`; it may have expired. */
export async function requireRenewedSession(c: AppContext): Promise<SessionClaims> {
  const token = c.req.header("Session-Token");
  if (token === undefined) throw unauthenticated("send the session token in the header `Session-Token`");
  return sessionClaims(c, token, true);
}

async function sessionClaims(c: AppContext, token: string, renewing: boolean): Promise<SessionClaims> {
  const verified = await verifySessionToken(c.get("deployment").sessions, token, c.get("now"), renewing);
  if (verified.ok) return stillServed(c, verified.claims);
  throw unauthenticated(
    verified.expired
      ? "the session token has expired; get a fresh one with `POST /v1/session/token`"
      : "this is no session token of this deployment",
  );
}

/** A gateway's sessions, and what stands below them, are used as long as the policy lets it ask for their agents. */
function stillServed(c: AppContext, claims: SessionClaims): SessionClaims {
  requireServedChain(c, claims.chain);
  return claims;
}

/** Every session of it that a gateway opened is still one that this gateway may use, the last included. */
export function requireServedChain(c: AppContext, chain: readonly Link[]): void {
  const { gateways } = c.get("deployment").identities;
  for (const { gateway: name, agent } of chain) {
    if (name === undefined) continue;
    const gateway = gateways.get(name);
    if (gateway === undefined)
      throw unauthenticated("this session is a gateway's that the policy no longer has, or stands below one");
    requireServed(gateway, agent);
  }
}

export async function requirePerson(c: AppContext): Promise<Person> {
  const shown = shownPerson(c.get("deployment"), c.req.raw.headers);
  if (shown === null) throw unauthenticated("sign in as a person and send that token as `Authorization: Bearer …`");
  const person = await trustIssuer(() => verifyPerson(c.get("deployment"), shown, momentOf(c)));
  if (person === null) throw unauthenticated("this token is not a person's, from the policy's issuer of `people`");
  return person;
}

/** Runs a verification that may need an issuer's keys. */
export async function trustIssuer<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    if (!(error instanceof IssuerUnreachable)) throw error;
    throw new HttpProblem("unreachable", "the identity provider's keys can't be fetched; try again", [], retryAfter(5));
  }
}

type Office = "operators" | "auditors";

/** A person of one of the policy's groups for these offices. */
export async function requireOffice(c: AppContext, offices: readonly Office[]): Promise<Person> {
  const person = await requirePerson(c);
  const { settings } = c.get("deployment").table.body;
  const groups = offices.flatMap((office) => settings[office]);
  if (groups.some((group) => person.groups.has(group))) return person;
  throw new HttpProblem(
    "forbidden",
    `only ${offices.map((office) => `the policy's \`${office}\``).join(" and ")} may do this`,
  );
}

export type Follower = Caller | { readonly kind: "gateway"; readonly gateway: Gateway };

/** For whoever may look at an approval: its session, the gateway that asked, and people. */
export async function requireFollower(c: AppContext): Promise<Follower> {
  const token = bearerToken(c.req.raw.headers);
  if (token !== null && isGatewayToken(token)) return { kind: "gateway", gateway: await requireGateway(c) };
  return requireSessionOrPerson(c);
}

/** For calls that both an agent's session and a person may make. */
export async function requireSessionOrPerson(c: AppContext): Promise<Caller> {
  const token = bearerToken(c.req.raw.headers);
  if (token !== null && isSessionToken(token)) return { kind: "session", claims: await requireSession(c) };
  return { kind: "person", person: await requirePerson(c) };
}
