/** The object's answer as the agent gets it: the permit signed, times written out, limits also as response fields. */
import type { Limit, Table } from "../../engine/index.ts";
import type { AuthorizeResponse, WireLimit, WireRule } from "../../sdk/index.ts";
import type { Deployment } from "../deployment.ts";
import { signPermit } from "../permits/sign-permit.ts";
import type { PermitSubject } from "../permits/sign-permit.ts";
import type { Answer } from "../rpc.ts";
import { rfc3339 } from "./context.ts";
import { retryAfter } from "./problem.ts";

/** @param subject whom and what a permit is for; null: none is wanted */
export async function authorizeResponse(
  deployment: Deployment,
  answer: Answer,
  subject: PermitSubject | null,
): Promise<AuthorizeResponse> {
  return {
    decision: answer.decision,
    decision_id: answer.decision_id,
    reason: answer.reason,
    message: answer.message,
    rules: answer.rules.map(wireRule),
    resources: answer.resources,
    ...(answer.decision === "allow" ? await permitFields(deployment, answer, subject) : {}),
    ...(answer.approval === null ? {} : { approval: approvalRef(deployment, answer.approval) }),
    ...(answer.limits.length === 0 ? {} : { limits: answer.limits.map(wireLimit) }),
    ...(answer.errors.length === 0 ? {} : { errors: answer.errors }),
    ...(answer.unknown.length === 0 ? {} : { unknown: answer.unknown }),
    ...(answer.retry_after === null ? {} : { retry_after: answer.retry_after }),
    policy: answer.policy,
    sequence: answer.sequence,
    request_digest: answer.request_digest,
  };
}

/** An allow without what its permit is made of is a bug of the object, and so is none. */
async function permitFields(
  deployment: Deployment,
  answer: Answer,
  subject: PermitSubject | null,
): Promise<Pick<AuthorizeResponse, "tier" | "permit" | "permit_expires_at">> {
  if (answer.permit === null) throw new Error("an allow comes with a permit");
  const tier = answer.tier === "notify" ? "notify" : "allow";
  if (subject === null) return { tier };
  return {
    tier,
    permit: await signPermit(deployment.permits, subject, answer, answer.permit),
    permit_expires_at: rfc3339(answer.permit.exp * 1000),
  };
}

export function wireRule(rule: Answer["rules"][number]): WireRule {
  return {
    id: rule.id,
    tier: rule.tier as WireRule["tier"],
    ...(rule.via === null ? {} : { via: rule.via }),
    ...(rule.doc === null ? {} : { doc: rule.doc }),
    ...(rule.text === undefined ? {} : { text: rule.text }),
  };
}

export function wireLimit(limit: Answer["limits"][number]): WireLimit {
  return { ...limit, resets_at: limit.resets_at === null ? null : rfc3339(limit.resets_at) };
}

export function approvalRef(
  deployment: Deployment,
  approval: NonNullable<Answer["approval"]>,
): NonNullable<AuthorizeResponse["approval"]> {
  return {
    id: approval.id,
    status: approval.status,
    expires_at: rfc3339(approval.expires_at),
    url: `${deployment.origins[0] ?? ""}/v1/approvals/${approval.id}`,
  };
}

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), one item a limit. Both hold whole numbers:
 * a total's fraction is cut off, so that they never promise more than is left.
 */
export function rateLimitFields(answer: Answer, table: Table, now: number): { readonly [name: string]: string } {
  const retry = retryAfter(answer.retry_after);
  if (answer.limits.length === 0) return retry;
  const windows = definitionsIn(table);
  return {
    ...retry,
    "RateLimit-Policy": answer.limits.map((limit) => policyItem(limit, windows.get(limit.id))).join(", "),
    RateLimit: answer.limits.map((limit) => quotaItem(limit, now)).join(", "),
  };
}

const definitions = new WeakMap<Table, ReadonlyMap<string, Limit>>();

/** By id, gathered once: a table may have many thousands. */
function definitionsIn(table: Table): ReadonlyMap<string, Limit> {
  const known = definitions.get(table);
  if (known !== undefined) return known;
  const found = new Map(table.body.blocks.flatMap(({ limits }) => limits.map((limit) => [limit.id, limit] as const)));
  definitions.set(table, found);
  return found;
}

/** Below another session several agents of the chain may pay the same limit. */
function whoseItem({ id, agent }: Answer["limits"][number]): string {
  return agent === undefined ? `"${id}"` : `"${id}";agentpolicy-agent="${agent}"`;
}

function policyItem(limit: Answer["limits"][number], definition: Limit | undefined): string {
  const window = definition?.window ?? null;
  return `${whoseItem(limit)};q=${whole(limit.limit)}${window === null ? "" : `;w=${Math.ceil(window / 1000)}`}${totalOf(definition)}`;
}

/** Of what it is a sum; the draft's own units are requests and bytes, and others are to be a vendor's parameter. */
function totalOf(definition: Limit | undefined): string {
  const total = definition?.total ?? null;
  return total === null ? "" : `;agentpolicy-total="${total.join(".")}"`;
}

function quotaItem(limit: Answer["limits"][number], now: number): string {
  const resets = limit.resets_at === null ? "" : `;t=${Math.max(0, Math.ceil((limit.resets_at - now) / 1000))}`;
  return `${whoseItem(limit)};r=${whole(limit.remaining)}${resets}`;
}

function whole(decimal: string): string {
  return decimal.startsWith("-") ? "0" : (decimal.split(".")[0] ?? "0");
}
