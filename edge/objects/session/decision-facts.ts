/** The facts of a decision that stand nowhere else in its record, so that it can be decided again. Reads only. */
import { approvalTerms, formatDecimal } from "../../../engine/index.ts";
import type { LimitRow } from "../../../engine/index.ts";
import { sha256Hex } from "../../digest.ts";
import { shareKey } from "../../limits/holder.ts";
import type { DecisionFacts } from "../../records/record.ts";
import type { AuthorizeInput } from "../../rpc.ts";
import { type SharedUsage, usedOf } from "./engine-state.ts";
import { rolesOf } from "./gained-roles.ts";
import type { Verdict } from "./judge.ts";
import { liveDigests } from "./live-digests.ts";
import { membershipsIn } from "./live-facts.ts";
import type { SessionContext } from "./session-context.ts";
import type { Member } from "./member.ts";

/**
 * Before anything is spent or labelled.
 * @param shared what others were asked about; of counts that they keep and weren't asked about nothing is known
 * @returns null where an older Worker asks, which doesn't say what it knows
 */
export function decisionFacts(
  context: SessionContext,
  row: Member,
  input: AuthorizeInput,
  verdict: Verdict,
  shared: SharedUsage,
  now: number,
): DecisionFacts | null {
  if (input.facts === undefined) return null;
  const isKnown = (limit: LimitRow): boolean => limit.per === "session" || shared.has(shareKey(limit));
  const counted = input.remainder.limits.filter((limit) => !limit.trial && isKnown(limit));
  return {
    ...input.facts,
    approved: approvedBy(input, verdict),
    roles: rolesOf(context.sql, row, now)
      .map(({ role }) => role)
      .toSorted(),
    live: liveIn(context, input),
    counts: counted.map((limit) => ({
      counter: limit.counter,
      agent: limit.agent,
      used: formatDecimal(usedOf(context, limit, shared, now).used),
    })),
  };
}

function approvedBy({ remainder, groups, describe }: AuthorizeInput, verdict: Verdict): DecisionFacts["approved"] {
  if (verdict.kind !== "allow" || verdict.decision.tier !== "ask") return [];
  const { approvals } = verdict.decision;
  const given = remainder.approvals.filter(({ name }) => approvals.includes(name));
  const owners = describe.owners ?? [describe.owner];
  return given.map((each) => ({ name: each.name, sha256: sha256Hex(approvalTerms(each, groups, owners)) }));
}

function liveIn({ key, live }: SessionContext, input: AuthorizeInput): DecisionFacts["live"] {
  const digests = liveDigests(key, input);
  return membershipsIn(input.remainder).map(({ set, value }, at) => ({
    sha256: digests[at] ?? "",
    has: live.has(set, value),
  }));
}
