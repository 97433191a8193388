/** The record of one decision. Pure. */
import { sha256Hex } from "../../digest.ts";
import type { Decision } from "../../../engine/index.ts";
import type { DecisionEvent, DecisionFacts } from "../../records/record.ts";
import type { Answer, AuthorizeInput } from "../../rpc.ts";
import type { Member } from "./member.ts";

/**
 * @param labels those of the session after the decision
 * @param facts null where no rule was asked
 */
export function decisionEvent(
  row: Member,
  input: AuthorizeInput,
  answer: Answer,
  decision: Decision | null,
  labels: readonly string[],
  facts: DecisionFacts | null,
): DecisionEvent {
  const { said = { ...input, action: input.remainder.action } } = input;
  return {
    kind: "decision",
    ...(input.gateway === undefined ? {} : { gateway: input.gateway }),
    decision_id: answer.decision_id,
    request_id: said.request_id,
    request_digest: input.request_digest,
    requester: row.requester?.id ?? null,
    action: said.action,
    resources: input.resources_shown ?? input.remainder.resources,
    // Of the arguments as they are stored beside the record: a digest of the secrets could be tried out.
    args_sha256: sha256Hex(input.args),
    decision: answer.decision,
    tier: answer.tier,
    reason: answer.reason,
    message: answer.message,
    rules: answer.rules.map((rule) => rule.id),
    trials: (decision?.trials ?? []).map(({ id, tier }) => ({ id, tier })),
    limits: answer.limits,
    notify: answer.decision === "allow" ? (decision?.notify ?? []) : [],
    labels,
    unknown: answer.unknown,
    intent: input.intent,
    confidence: input.confidence,
    approval: answer.approval?.id ?? said.approval,
    permit: answer.permit?.jti ?? null,
    trace: input.trace,
    facts,
  };
}
