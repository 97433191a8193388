/**
 * The Worker's HTTP face: every route on one screen (`docs/http-api.md`). Whatever is thrown that isn't a problem is a
 * bug of ours and becomes 500 with nothing of it in the answer; callers treat it as a deny.
 */
import { Hono } from "hono";
import type { Handler } from "hono";
import { TrieRouter } from "hono/router/trie-router";
import { readDeployment } from "../deployment.ts";
import type { Env, ReadDeployment } from "../deployment.ts";
import { publishedCheckpointKeys } from "../ledger/checkpoint-key.ts";
import { publicKeys } from "../permits/sign-permit.ts";
import { countRefusal } from "../metrics/refusals.ts";
import { evaluateAccess, evaluateAccesses } from "./access-evaluation.ts";
import { searchActions, searchResources, searchSubjects } from "./access-search.ts";
import { listCheckpoints, listLeaves, listRecords, showProof } from "./audit.ts";
import { createAnnouncer } from "./announce-deployment.ts";
import { decideApproval, listApprovals, showApproval, withdrawApproval } from "./approvals.ts";
import { authorize } from "./authorize.ts";
import { showAuthzenConfiguration } from "./authzen-configuration.ts";
import type { AppContext, AppEnv } from "./context.ts";
import { tellRefusalsSoon } from "./count-refusals.ts";
import { askForRole } from "./elevations.ts";
import { listDeadLetters, listExports, requeueExports } from "./exports.ts";
import { openGateway } from "./gateways.ts";
import { delegateSession } from "./delegations.ts";
import { showMetrics } from "./metrics.ts";
import { requireOwnOrigin } from "./own-origin.ts";
import { reportOutcome } from "./outcomes.ts";
import { redeemPermit } from "./permits.ts";
import { showNewestSequence } from "./newest-sequence.ts";
import { showPolicy } from "./policy.ts";
import { HttpProblem, problemResponse } from "./problem.ts";
import { loggedRequestId, requestIdOf } from "./request-id.ts";
import { eraseArguments, listSessions, streamRecords } from "./records.ts";
import { closeSession, openSession, renewSessionToken, showSession } from "./sessions.ts";
import { editSet, listSets, showSet } from "./sets.ts";
import { traceParentOf } from "./trace-parent.ts";
import { flipSwitch, liftSwitch, listSwitches, showSwitch } from "./switches.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Route = { readonly [method in Method]?: (c: AppContext) => Response | Promise<Response> };

export const ROUTES: { readonly [path: string]: Route } = {
  "/metrics": { GET: showMetrics },
  "/healthz": { GET: showHealth },
  "/.well-known/jwks.json": { GET: showKeys },
  "/.well-known/authzen-configuration": { GET: showAuthzenConfiguration },
  "/v1/sessions": { POST: openSession, GET: listSessions },
  "/v1/gateway/token": { POST: openGateway },
  "/v1/session": { GET: showSession, DELETE: closeSession },
  "/v1/session/token": { POST: renewSessionToken },
  "/v1/session/delegations": { POST: delegateSession },
  "/v1/authorize": { POST: authorize },
  "/v1/outcomes": { POST: reportOutcome },
  "/access/v1/evaluation": { POST: evaluateAccess },
  "/access/v1/evaluations": { POST: evaluateAccesses },
  "/access/v1/search/subject": { POST: searchSubjects },
  "/access/v1/search/resource": { POST: searchResources },
  "/access/v1/search/action": { POST: searchActions },
  "/v1/elevations": { POST: askForRole },
  "/v1/approvals": { GET: listApprovals },
  "/v1/approvals/:id": { GET: showApproval, DELETE: withdrawApproval },
  "/v1/approvals/:id/decision": { POST: decideApproval },
  "/v1/permits/:jti/redeem": { POST: redeemPermit },
  "/v1/switches": { GET: listSwitches },
  "/v1/switches/:scope/:name": { GET: showSwitch, PUT: flipSwitch, DELETE: liftSwitch },
  "/v1/sets": { GET: listSets },
  "/v1/sets/:name": { GET: showSet, PATCH: editSet },
  "/v1/sessions/:id/records": { GET: streamRecords },
  "/v1/sessions/:id/records/:seq/args": { DELETE: eraseArguments },
  "/v1/audit": { GET: listRecords },
  "/v1/audit/checkpoint": { GET: listCheckpoints },
  "/v1/audit/proof": { GET: showProof },
  "/v1/audit/leaves": { GET: listLeaves },
  "/v1/exports": { GET: listExports },
  "/v1/exports/:sink/dead": { GET: listDeadLetters },
  "/v1/exports/:sink/requeue": { POST: requeueExports },
  "/v1/policy": { GET: showPolicy },
  "/v1/policy/sequence": { GET: showNewestSequence },
};

/** @param tableText The table's module. */
export function createApp(tableText: unknown): Hono<AppEnv> {
  // The default one compiles all routes at the first request: a cold start waits longer for it than it ever saves.
  const app = new Hono<AppEnv>({ router: new TrieRouter() });
  const deploymentOf = keptDeployment(tableText);
  const announce = createAnnouncer();
  app.use(async (c, next) => {
    c.set("request_id", requestIdOf(c.req.raw.headers));
    c.set("trace", traceParentOf(c.req.raw.headers));
    await next();
    tellRefusalsSoon(c);
    // Every answer was made here, so that its fields may be set; `c.header` would make it anew for each.
    const { headers } = c.res;
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Request-ID", c.get("request_id"));
    const trace = c.get("trace");
    if (trace !== null) headers.set("traceparent", trace);
  });
  app.use(async (c, next) => {
    const read = await deploymentOf(c.env);
    if (!read.ok) throw new HttpProblem("not_ready", `${read.problem}; nothing is decided until it is deployed again`);
    requireOwnOrigin(c.req.raw, read.deployment);
    c.set("deployment", read.deployment);
    c.set("now", Date.now());
    announce(c);
    await next();
  });
  for (const [path, route] of Object.entries(ROUTES)) addRoute(app, path, route);
  app.notFound(() => refuse(new HttpProblem("not_found", "there is no such call; see docs/http-api.md")));
  app.onError((error, c) => refuse(error instanceof HttpProblem ? error : bug(error, c.get("request_id"))));
  return app;
}

/** Counted, since no record tells of it. */
function refuse(problem: HttpProblem): Response {
  countRefusal(problem.kind);
  return problemResponse(problem);
}

function addRoute(app: Hono<AppEnv>, path: string, route: Route): void {
  const methods = Object.keys(route) as Method[];
  for (const method of methods) app.on(method, path, route[method] as Handler<AppEnv>);
  const allow = { Allow: methods.join(", ") };
  app.all(path, () => {
    throw new HttpProblem("method_not_allowed", `this path takes ${methods.join(", ")}`, [], allow);
  });
}

/** Reading a table and importing keys takes milliseconds, and one version of the Worker has only one of each. */
function keptDeployment(tableText: unknown): (env: Env) => Promise<ReadDeployment> {
  let kept: { readonly env: Env; readonly read: ReadDeployment } | null = null;
  return async (env) => {
    if (kept?.env === env) return kept.read;
    const read = await readSafely(env, tableText);
    kept = { env, read };
    return read;
  };
}

/** A key that can't be imported throws; that is a part that is missing like any other. */
async function readSafely(env: Env, tableText: unknown): Promise<ReadDeployment> {
  try {
    return await readDeployment(env, tableText);
  } catch (error) {
    console.error(JSON.stringify({ event: "deployment_unreadable", name: nameOf(error) }));
    return { ok: false, problem: "the deployment's table or keys can't be read" };
  }
}

/** The log gets where it was thrown, which is code; the message may quote what the caller sent. */
function bug(error: unknown, id: string): HttpProblem {
  const place = error instanceof Error ? error.stack?.split("\n").find((line) => /^\s+at /.test(line)) : undefined;
  const request_id = loggedRequestId(id);
  console.error(JSON.stringify({ event: "internal", name: nameOf(error), place: place?.trim() ?? null, request_id }));
  return new HttpProblem("internal", "the edge failed; treat it as a deny");
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function showHealth(c: AppContext): Response {
  const { table, sequence } = c.get("deployment");
  return c.json({ ok: true, policy_hash: table.hash, sequence });
}

/** RFC 7517, section 5. */
function showKeys(c: AppContext): Response {
  const { permits, checkpoints } = c.get("deployment");
  return c.json({ keys: [...publicKeys(permits, c.get("now")), ...publishedCheckpointKeys(checkpoints)] });
}
