/** `POST /v1/elevations`: a role for a while, which people are asked for. */
import { durationText } from "../../engine/index.ts";
import { canonicalJson, sha256Hex } from "../digest.ts";
import type { Deployment } from "../deployment.ts";
import { sessionOf } from "../objects/env.ts";
import type { SessionClaims } from "../identity/session-token.ts";
import type { ElevateInput, Offer } from "../rpc.ts";
import { wordsWithoutFindings } from "../permits/secrets.ts";
import { shieldMessage, shieldSwitch } from "../switches/shield.ts";
import { approvalState } from "./approvals.ts";
import { askObject } from "./ask-object.ts";
import { elevationBody } from "./bodies.ts";
import { callerOf, requireSession } from "./callers.ts";
import type { AppContext } from "./context.ts";
import { roleTerms } from "./offers.ts";
import { refusalAnswer } from "./opening.ts";
import { readBody } from "./read-body.ts";

/** 202 with the approval, or 200 with a policy's no. */
export async function askForRole(c: AppContext): Promise<Response> {
  const deployment = c.get("deployment");
  const now = c.get("now");
  const claims = await requireSession(c);
  const { role: named, reason: words } = await readBody(c.req.raw, elevationBody);
  const reason = wordsWithoutFindings(words, deployment.discretion);
  // A name that the policy has is no secret.
  const isOffered = offerOf(deployment, claims.agent, named) !== null;
  const role = isOffered ? named : wordsWithoutFindings(named, deployment.discretion);
  const agents = claims.chain.map((link) => link.agent);
  const asked = { agents, requester: claims.requester?.id ?? null, action: "", classes: [] };
  const stopped = await shieldSwitch(c.env.SWITCHES, asked, now);
  if (stopped !== null)
    return refusalAnswer(c, { reason: "killed", message: shieldMessage(stopped), retry_after: null });
  const input = elevateInput(deployment, claims, { role, reason }, now);
  const output = await askObject(() => sessionOf(c.env, claims.root).elevate(input));
  if (!output.asked) return refusalAnswer(c, output);
  return c.json(approvalState(deployment, output.view), 202);
}

function elevateInput(
  deployment: Deployment,
  claims: SessionClaims,
  { role, reason }: { readonly role: string; readonly reason: string },
  now: number,
): ElevateInput {
  const agent = deployment.agents.get(claims.agent);
  const offer = offerOf(deployment, claims.agent, role);
  const args = canonicalJson({ role, ...(offer === null ? {} : { for: durationText(offer.duration) }) });
  return {
    ...callerOf(deployment, claims),
    policy: deployment.table.hash,
    role,
    offer,
    against: againstOf(deployment, claims, now),
    reason,
    request_digest: `sha256:${sha256Hex(canonicalJson({ become: args, approval: offer?.approval.name ?? null, reason }))}`,
    args,
    args_sha256: sha256Hex(args),
    at: now,
    describe: { owner: agent?.owner ?? "", purpose: agent?.purpose ?? "" },
    lease: deployment.table.body.settings.lease,
  };
}

/** Null where the policy offers the agent no such role. */
function offerOf(deployment: Deployment, name: string, role: string): Offer | null {
  const { body } = deployment.table;
  const offer = deployment.agents.get(name)?.may_become.find((one) => one.role === role);
  const approval = body.approvals.find((one) => one.name === offer?.via);
  if (offer === undefined || approval === undefined) return null;
  const block = body.blocks.find((one) => one.kind === "role" && one.name === role);
  const rules = (block?.rules ?? []).map(({ id, tier, via, doc, text }) => ({
    id,
    tier,
    via: via.length === 0 ? null : via.join(" and "),
    doc,
    text,
  }));
  return { approval, duration: offer.duration, rules, terms: roleTerms(deployment, role) };
}

/** What is wrong with the agent itself, whichever role it asks for. */
function againstOf({ agents }: Deployment, claims: SessionClaims, now: number): ElevateInput["against"] {
  const agent = agents.get(claims.agent);
  if (agent === undefined)
    return { reason: "unknown_agent", message: `agent \`${claims.agent}\` is no longer in the policy` };
  if (now >= agent.review_by)
    return { reason: "review_overdue", message: `the review of \`${agent.name}\` is overdue; its owner renews it` };
  if (agent.requester_required && claims.requester === null)
    return { reason: "requester_missing", message: `\`${agent.name}\` works only for a person` };
  return null;
}
