/** `POST /v1/authorize`: steps 1 to 3 and 8 of one authorization; what lies between belongs to the session's object. */
import { canonicalArgs, classesOf, match } from "../../engine/index.ts";
import type { Action, JsonObject, Remainder, Request as EngineRequest } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import type { SessionClaims } from "../identity/session-token.ts";
import { newDecisionId } from "../ids.ts";
import { sessionOf } from "../objects/env.ts";
import { beyondDoubles, canonicalJson, holdsInexact, sha256Hex } from "../digest.ts";
import type { Discretion } from "../permits/discretion.ts";
import type { PermitSubject } from "../permits/sign-permit.ts";
import { hmacSha256, withoutSecrets, wordsWithoutFindings } from "../permits/secrets.ts";
import type { RequestFacts } from "../records/record.ts";
import type { Answer, AuthorizeInput } from "../rpc.ts";
import { shieldMessage, shieldSwitch } from "../switches/shield.ts";
import { authorizeResponse, rateLimitFields } from "./answer.ts";
import { askObject } from "./ask-object.ts";
import { authorizeBody } from "./bodies.ts";
import type { AuthorizeBody } from "./bodies.ts";
import { requireSession } from "./callers.ts";
import { rfc3339 } from "./context.ts";
import type { AppContext } from "./context.ts";
import { withKeptKeys } from "./kept-keys.ts";
import { groupsNamed, ownersOf } from "./owners-and-groups.ts";
import { platformFacts } from "./platform-facts.ts";
import { malformed } from "./problem.ts";
import { readBody } from "./read-body.ts";
import { requestDigest } from "./request-digest.ts";
import { type Said, saidBy } from "./said.ts";
import { withoutFindings } from "./without-findings.ts";

/** Bytes. Longer arguments are more than a person can be asked to read. */
const REVIEWABLE = 16 * 1024;

export async function authorize(c: AppContext): Promise<Response> {
  const deployment = c.get("deployment");
  const now = c.get("now");
  const claims = await requireSession(c);
  const body = await readBody(c.req.raw, authorizeBody);
  if (body.tool_sha256 !== undefined && claims.gateway === null)
    throw malformed("only a gateway, which sees the tool, states its hash", "/tool_sha256");
  const { answer, subject } = await decideRequest(c, claims, body);
  return c.json(
    await authorizeResponse(deployment, answer, body.permit === false ? null : subject),
    200,
    rateLimitFields(answer, deployment.table, now),
  );
}

export interface Decided {
  readonly answer: Answer;
  /** Whom and what a permit would be for. */
  readonly subject: PermitSubject;
}

/** Whoever asks: the claims are verified, and the body is as the call of that caller has it. */
export async function decideRequest(c: AppContext, claims: SessionClaims, body: AuthorizeBody): Promise<Decided> {
  const deployment = c.get("deployment");
  const now = c.get("now");
  const prepared = prepareRequest(c, claims, body);
  const requester = claims.requester?.id ?? null;
  const asked = {
    agents: claims.chain.map(({ agent }) => agent),
    requester,
    action: body.action,
    classes: prepared.classes,
  };
  const stopped = await shieldSwitch(c.env.SWITCHES, asked, now);
  if (stopped !== null)
    return { answer: shieldAnswer(deployment, prepared.digest, shieldMessage(stopped)), subject: noSubject };
  const input = requestInput(c, claims, body, prepared);
  const { answer } = await askObject(() => sessionOf(c.env, claims.root).authorize(input));
  const subject = { agent: claims.agent, session: claims.session, action: body.action, args_sha256: input.args_sha256 };
  return { answer, subject };
}

interface Prepared {
  readonly args: JsonObject;
  /** Canonical JSON of the arguments. */
  readonly exact: string;
  /** The same with secrets replaced. */
  readonly shown: string;
  readonly said: Said;
  readonly digest: string;
  readonly request: EngineRequest;
  readonly classes: readonly string[];
  readonly discretion: Discretion;
}

export function prepareRequest(c: AppContext, claims: SessionClaims, body: AuthorizeBody): Prepared {
  const deployment = c.get("deployment");
  const args = body.args ?? {};
  const action = deployment.actions.get(body.action);
  const hidden = withoutSecrets(args, action, { ...deployment.discretion, key: c.env.ARGS_MAC_KEY });
  const exact = canonicalJson(args);
  const shown = hidden === args ? exact : canonicalJson(hidden);
  const mac = shown === exact ? null : hmacSha256(c.env.ARGS_MAC_KEY, exact);
  const said = saidBy(body, deployment);
  const digest = requestDigest(body, args, { args: hidden, said, mac, key: c.env.ARGS_MAC_KEY });
  const request = engineRequest(c, claims, body, args);
  const classes = classesOf(deployment.policy, request);
  return { args, exact, shown, said, digest, request, classes, discretion: deployment.discretion };
}

/** @throws HttpProblem `malformed` for a number that no double holds */
export function requestInput(
  c: AppContext,
  claims: SessionClaims,
  body: AuthorizeBody,
  prepared: Prepared,
): AuthorizeInput {
  const remainder = withoutFindings(match(c.get("deployment").policy, prepared.request), c.get("deployment"));
  if (remainder.denied === null && beyondDoubles(prepared.args)) throw malformed("a number is out of range", "/args");
  const counted = withKeptKeys(remainder, prepared.discretion, c.env.ARGS_MAC_KEY);
  return { ...authorizeInput(c, claims, body, prepared, counted), classes: prepared.classes };
}

function engineRequest(c: AppContext, claims: SessionClaims, body: AuthorizeBody, args: JsonObject): EngineRequest {
  return {
    agent: claims.agent,
    session: claims.session,
    environment: c.get("deployment").environment,
    callers: claims.chain.slice(0, -1).map(({ agent }) => agent),
    ...(claims.requester === null ? {} : { requester: claims.requester }),
    action: body.action,
    args,
    ...(body.resources === undefined ? {} : { resources: body.resources }),
    ...(body.tool_sha256 === undefined ? {} : { tool_sha256: body.tool_sha256 }),
    at: c.get("now"),
    ...platformFacts(c),
    ...(body.confidence === undefined ? {} : { confidence: body.confidence }),
    sha256: sha256Hex,
  };
}

function authorizeInput(
  c: AppContext,
  claims: SessionClaims,
  body: AuthorizeBody,
  { args, exact, shown, said, digest }: Prepared,
  remainder: Remainder,
): Omit<AuthorizeInput, "classes"> {
  const deployment = c.get("deployment");
  const now = c.get("now");
  const { body: policy } = deployment.table;
  const action = deployment.actions.get(body.action);
  return {
    sequence: deployment.sequence,
    session: claims.session,
    agent: claims.agent,
    chain: claims.chain,
    ...(claims.gateway === null ? {} : { gateway: claims.gateway }),
    request_id: body.request_id,
    said: { action: said.action, request_id: said.request_id, approval: said.approval },
    request_digest: digest,
    args_sha256: sha256Hex(exact),
    args: shown,
    canonical_args: action === undefined || remainder.denied !== null ? null : canonicalArgs(action, args),
    reviewable: isReviewable(shown),
    approval: body.approval ?? null,
    at: now,
    intent: body.intent === undefined ? null : wordsWithoutFindings(body.intent, deployment.discretion),
    confidence: body.confidence ?? null,
    trace: c.get("trace"),
    facts: requestFacts(c, body, args, said),
    remainder,
    resources_shown: remainder.resources.map((resource) => wordsWithoutFindings(resource, deployment.discretion)),
    describe: describe(deployment, claims, action),
    groups:
      body.approval === undefined ? [] : groupsNamed(deployment, remainder.approvals, ownersIn(deployment, claims)),
    settings: { lease: policy.settings.lease, idle: policy.settings.session.idle },
    breakers: policy.breakers,
    offers: deployment.agents.get(claims.agent)?.may_become ?? [],
  };
}

/** A unit of UTF-16 is at most three bytes of UTF-8, so that few texts have to be encoded to know. */
function isReviewable(shown: string): boolean {
  return shown.length * 3 <= REVIEWABLE || new TextEncoder().encode(shown).byteLength <= REVIEWABLE;
}

/** What deciding it again needs beside the arguments. Where somebody is, is written down only if the policy reads it. */
function requestFacts(c: AppContext, body: AuthorizeBody, args: JsonObject, said: Said): RequestFacts {
  const { reads } = c.get("deployment");
  const { ip = null, country = null } = platformFacts(c);
  return {
    at: rfc3339(c.get("now")),
    stated: said.resources,
    named: said.approval,
    ...(reads.has("request.ip") ? { ip } : {}),
    ...(reads.has("request.country") ? { country } : {}),
    ...(body.tool_sha256 === undefined ? {} : { tool_sha256: body.tool_sha256 }),
    inexact: holdsInexact(args),
  };
}

function describe(
  deployment: Deployment,
  claims: SessionClaims,
  action: Action | undefined,
): AuthorizeInput["describe"] {
  const { owner = "", purpose = "" } = deployment.agents.get(claims.agent) ?? {};
  return { owner, owners: ownersIn(deployment, claims), purpose, recovery: action?.recovery ?? null };
}

function ownersIn(deployment: Deployment, { chain }: SessionClaims): readonly string[] {
  return ownersOf(
    deployment,
    chain.map((link) => link.agent),
  );
}

const noSubject = { agent: "", session: "", action: "", args_sha256: "" };

/** Quick and without a record (it is counted): the object that would write one is what the shield protects. */
function shieldAnswer(deployment: Deployment, digest: string, message: string): Answer {
  return {
    decision: "deny",
    decision_id: newDecisionId(),
    tier: "never",
    reason: "killed",
    message,
    rules: [],
    resources: [],
    limits: [],
    errors: [],
    unknown: [],
    approval: null,
    retry_after: null,
    permit: null,
    policy: deployment.table.hash,
    sequence: deployment.sequence,
    request_digest: digest,
  };
}
