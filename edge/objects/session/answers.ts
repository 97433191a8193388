/** What goes back to the Worker. Pure, but for the random parts of ids. */
import { formatDecimal } from "../../../engine/index.ts";
import type { Decision, LimitRow, LimitStatus, Reason, RuleRef } from "../../../engine/index.ts";
import type { StoredApproval } from "../../approvals/approval-store.ts";
import { deadlineOf } from "../../approvals/approval.ts";
import { newDecisionId, newPermitId } from "../../ids.ts";
import type { Answer, AuthorizeInput } from "../../rpc.ts";

/** Seconds that a permit lives. */
const PERMIT_LIFE = 60;

export function wireRule(rule: RuleRef): Answer["rules"][number] {
  return { id: rule.id, tier: rule.tier, via: rule.via.length === 0 ? null : rule.via.join(" and "), doc: rule.doc };
}

/** Limits that are used up and ask people: no rule says why these are asked. */
export function limitsThatAsk(rows: readonly LimitRow[], { limits }: Decision): Answer["rules"] {
  const over = new Set(limits.filter((status) => status.over).map(({ id, agent }) => JSON.stringify([id, agent])));
  return rows
    .filter(({ id, agent, via, trial }) => via !== null && !trial && over.has(JSON.stringify([id, agent])))
    .map(({ id, via, text }) => ({ id, tier: "limit", via, doc: null, text }));
}

/** @param decision null where the request was refused before any rule */
export function denial(
  input: AuthorizeInput,
  now: number,
  decision: Decision | null,
  instead: { readonly reason: Reason; readonly message: string } | null,
  approval: StoredApproval | null,
): Answer {
  const reason = instead?.reason ?? decision?.reason ?? "internal";
  return {
    ...base(input, decision),
    decision: "deny",
    tier: "never",
    reason,
    message: instead?.message ?? decision?.message ?? "the edge failed to decide this; it is denied",
    approval: approval === null ? null : approvalRef(approval),
    retry_after: retryAfter(reason, decision, now),
    permit: null,
  };
}

export function question(input: AuthorizeInput, decision: Decision, approval: StoredApproval): Answer {
  return {
    ...base(input, decision),
    decision: "ask",
    tier: "ask",
    reason: decision.reason,
    message: decision.message,
    approval: approvalRef(approval),
    retry_after: null,
    permit: null,
  };
}

export function admission(input: AuthorizeInput, now: number, decision: Decision, used: StoredApproval | null): Answer {
  const iat = Math.floor(now / 1_000);
  return {
    ...base(input, decision),
    decision: "allow",
    tier: decision.tier,
    reason: decision.reason,
    message: decision.message,
    limits: decision.limits.map((status) => wireLimit(afterSpending(status, decision))),
    approval: used === null ? null : approvalRef(used),
    retry_after: null,
    permit: {
      jti: newPermitId(),
      iat,
      exp: iat + PERMIT_LIFE,
      policy: input.remainder.policy,
      sequence: input.sequence,
    },
  };
}

function base(input: AuthorizeInput, decision: Decision | null) {
  return {
    decision_id: newDecisionId(),
    rules: (decision?.rules ?? []).map(wireRule),
    resources: input.remainder.resources,
    limits: (decision?.limits ?? []).map(wireLimit),
    errors: (decision?.faults ?? []).map(({ pointer, detail }) => ({ pointer, detail })),
    unknown: decision?.unknown ?? [],
    policy: input.remainder.policy,
    sequence: input.sequence,
    request_digest: input.request_digest,
  };
}

function wireLimit(status: LimitStatus): Answer["limits"][number] {
  const { id, agent, per, limit, remaining, resets_at, over } = status;
  const whose = agent === null || per !== "agent" ? {} : { agent };
  return { id, ...whose, limit, remaining, resets_at: over ? resets_at : null };
}

/** The decision tells what was left before it; whoever was admitted wants to know what is left now. */
function afterSpending(status: LimitStatus, decision: Decision): LimitStatus {
  const spend = decision.spends.find(({ limit }) => limit.id === status.id && limit.agent === status.agent);
  if (spend === undefined || spend.beyond) return status;
  return { ...status, remaining: formatDecimal(scaled(status.remaining) - spend.limit.amount) };
}

/** A canonical decimal of at most six fraction digits, times 10^6. */
function scaled(text: string): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(6, "0"));
}

function approvalRef(approval: StoredApproval): NonNullable<Answer["approval"]> {
  return { id: approval.id, status: approval.state.status, expires_at: deadlineOf(approval.state) };
}

/** Seconds; null where waiting doesn't help. */
function retryAfter(reason: string, decision: Decision | null, now: number): number | null {
  if (reason === "overloaded") return 1;
  if (reason !== "limit_exceeded") return null;
  const times = (decision?.limits ?? []).filter((status) => status.over).map((status) => status.resets_at);
  if (times.length === 0 || times.includes(null)) return null;
  const latest = Math.max(...times.map((at) => at ?? now));
  return Math.max(1, Math.ceil((latest - now) / 1_000));
}
