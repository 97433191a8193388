/** Approvals: an asker follows its own, people decide those that the policy of today lets them decide. */
import { durationText } from "../../engine/index.ts";
import type { Approval, Gateway } from "../../engine/index.ts";
import type { WireApproval, WireApprovalState } from "../../sdk/index.ts";
import type { Deployment, Env } from "../deployment.ts";
import type { Person } from "../identity/people.ts";
import { sessionOfApproval } from "../ids.ts";
import { agentOf, sessionOf, switchboardOf } from "../objects/env.ts";
import type { ApprovalView, SessionRpc } from "../rpc.ts";
import { approvalRef, wireRule } from "./answer.ts";
import { askObject, orNothing } from "./ask-object.ts";
import { decisionBody } from "./bodies.ts";
import { callerOf, requirePerson, requireSession, requireFollower } from "./callers.ts";
import { rfc3339 } from "./context.ts";
import type { AppContext } from "./context.ts";
import { inBatches } from "./in-batches.ts";
import { offersNow } from "./offers.ts";
import { groupsNamed, ownersOf } from "./owners-and-groups.ts";
import { HttpProblem, malformed } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** Seconds. */
const LONGEST_WAIT = 60;

/** `GET /v1/approvals/{id}?wait=` */
export async function showApproval(c: AppContext): Promise<Response> {
  const caller = await requireFollower(c);
  const id = c.req.param("id") ?? "";
  const wait = waitOf(c.req.query("wait"));
  const deployment = c.get("deployment");
  if (caller.kind === "person") {
    const view = await viewFor(c, caller.person, id);
    return c.json(wholeApproval(deployment, view));
  }
  if (caller.kind === "gateway") return c.json(await gatewaysApproval(c, caller.gateway, { id, wait }));
  const { root } = caller.claims;
  // Another session's approval isn't there for this one, whatever its id says.
  if (sessionOfApproval(id) !== root) throw notFound();
  const asker = callerOf(deployment, caller.claims);
  const view = await askObject(() => sessionOf(c.env, root).waitApproval({ ...asker, approval: id, wait }));
  return c.json(approvalState(deployment, view));
}

interface Followed {
  readonly id: string;
  /** Milliseconds. */
  readonly wait: number;
}

/** Of a question that the gateway asked, as long as it may ask for that agent; any other isn't there for it. */
async function gatewaysApproval(c: AppContext, gateway: Gateway, { id, wait }: Followed): Promise<WireApprovalState> {
  const session = sessionOfApproval(id);
  if (session === null) throw notFound();
  const deployment = c.get("deployment");
  const { sequence } = deployment;
  const view = await askObject(() => sessionOf(c.env, session).viewApproval({ sequence, approval: id }));
  if (view.gateway !== gateway.name || !gateway.agents.includes(view.agent)) throw notFound();
  if (wait === 0) return approvalState(deployment, view);
  const asker = { sequence, agent: view.agent };
  const waited = await askObject(() => sessionOf(c.env, session).waitApproval({ ...asker, approval: id, wait }));
  return approvalState(deployment, waited);
}

/** `DELETE /v1/approvals/{id}`: the asker doesn't need it any more. */
export async function withdrawApproval(c: AppContext): Promise<Response> {
  const claims = await requireSession(c);
  const { root } = claims;
  const id = c.req.param("id") ?? "";
  if (sessionOfApproval(id) !== root) throw notFound();
  const deployment = c.get("deployment");
  const asker = callerOf(deployment, claims);
  const view = await askObject(() => sessionOf(c.env, root).withdrawApproval({ ...asker, approval: id }));
  return c.json(approvalState(deployment, view));
}

/** Milliseconds. */
function waitOf(query: string | undefined): number {
  if (query === undefined) return 0;
  if (!/^\d{1,3}$/.test(query) || Number(query) > LONGEST_WAIT)
    throw malformed(`\`wait\` takes whole seconds, at most ${LONGEST_WAIT}`);
  return Number(query) * 1000;
}

/** `GET /v1/approvals?status=pending`: those that wait for this person. */
export async function listApprovals(c: AppContext): Promise<Response> {
  const person = await requirePerson(c);
  const status = c.req.query("status") ?? "pending";
  if (status !== "pending") throw malformed("only `status=pending` can be listed");
  const deployment = c.get("deployment");
  const views = await pendingViews(c.env, deployment.sequence);
  const theirs = views.filter((view) => view.status === "pending" && mayDecide(deployment, person, view));
  theirs.sort((a, b) => a.asked_at - b.asked_at);
  return c.json({ approvals: theirs.map((view) => wholeApproval(deployment, view)) });
}

/** Asks every agent that has sessions, and then each session that has something pending. */
async function pendingViews(env: Env, sequence: number): Promise<ApprovalView[]> {
  const { agents } = await askObject(() => switchboardOf(env).agents({ sequence }));
  const lists = await inBatches(agents, (agent) => askObject(() => agentOf(env, agent).pendingApprovals({ sequence })));
  const pending = lists.flatMap((list) => list.approvals);
  // The agents' lists lag a little behind the sessions, which own the approvals.
  const views = await inBatches(pending, ({ id, session }) =>
    orNothing("not_found", () => askObject(() => sessionOf(env, session).viewApproval({ sequence, approval: id }))),
  );
  return views.filter((view) => view !== null);
}

/** `POST /v1/approvals/{id}/decision` */
export async function decideApproval(c: AppContext): Promise<Response> {
  const deployment = c.get("deployment");
  const person = await requirePerson(c);
  const body = await readBody(c.req.raw, decisionBody);
  const view = await viewFor(c, person, c.req.param("id") ?? "");
  const needed = definitions(deployment, view);
  const owner = deployment.agents.get(view.agent)?.owner ?? view.owner;
  const owners = [...new Set([owner, ...ownersOf(deployment, view.chain ?? [])])];
  const { iss, sub, email, claims } = person;
  const vote: Parameters<SessionRpc["vote"]>[0] = {
    sequence: deployment.sequence,
    approval: view.id,
    voter: { iss, sub, email, claims },
    approvals: needed,
    groups: groupsNamed(deployment, needed, owners),
    owner,
    owners,
    offers: offersNow(deployment, view.agent),
    decision: body.decision,
    reason: body.reason ?? null,
    request_digest: body.request_digest,
  };
  return c.json(wholeApproval(deployment, await askObject(() => sessionOf(c.env, view.session).vote(vote))));
}

/** The whole request, if this person may decide it; for anyone else it isn't there. */
async function viewFor(c: AppContext, person: Person, id: string): Promise<ApprovalView> {
  const session = sessionOfApproval(id);
  if (session === null) throw notFound();
  const deployment = c.get("deployment");
  const { sequence } = deployment;
  const view = await askObject(() => sessionOf(c.env, session).viewApproval({ sequence, approval: id }));
  if (!mayDecide(deployment, person, view)) throw notFound();
  return view;
}

function mayDecide(deployment: Deployment, person: Person, view: ApprovalView): boolean {
  return definitions(deployment, view).some(
    (approval) =>
      approval.approvers.some((group) => person.groups.has(group)) ||
      (approval.requester && view.requester !== null && view.requester === (person.email ?? person.sub)),
  );
}

/** Of today's policy: an approval that it no longer has can't be given. */
function definitions(deployment: Deployment, view: ApprovalView): readonly Approval[] {
  const names = new Set(view.needs.map((need) => need.approval));
  return deployment.table.body.approvals.filter((approval) => names.has(approval.name));
}

export function approvalState(deployment: Deployment, view: ApprovalView): WireApprovalState {
  const reasoned = new Set(definitions(deployment, view).flatMap((each) => (each.reason_required ? [each.name] : [])));
  const needs = view.needs.map((need) =>
    reasoned.has(need.approval) ? { ...need, reason_required: true as const } : need,
  );
  return { ...approvalRef(deployment, view), needs, reason: view.reason };
}

function wholeApproval(deployment: Deployment, view: ApprovalView): WireApproval {
  return {
    ...approvalState(deployment, view),
    session: view.session,
    agent: view.agent,
    ...callersOf(view),
    ...(view.gateway === undefined ? {} : { gateway: view.gateway }),
    owner: view.owner,
    purpose: view.purpose,
    requester: view.requester,
    action: view.action,
    ...elevationOf(view),
    resources: view.resources,
    args: JSON.parse(view.args) as WireApproval["args"],
    rules: view.rules.map(wireRule),
    labels: view.labels,
    recovery: view.recovery,
    intent: view.intent,
    task: view.task,
    request_digest: view.request_digest,
    asked_at: rfc3339(view.asked_at),
  };
}

function callersOf({ chain = [] }: ApprovalView): Pick<WireApproval, "callers"> {
  return chain.length < 2 ? {} : { callers: chain.slice(0, -1) };
}

function elevationOf({ elevation }: ApprovalView): Pick<WireApproval, "elevation"> {
  if (elevation === undefined) return {};
  return { elevation: { role: elevation.role, for: durationText(elevation.duration) } };
}

function notFound(): HttpProblem {
  return new HttpProblem("not_found", "there is no approval with this id for you");
}
