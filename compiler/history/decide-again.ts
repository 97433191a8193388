/** One recorded request, decided under the policy that is tried. Changes nothing. */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import {
  approvalTerms,
  decide,
  type Decision,
  liveKey,
  match,
  type Policy,
  type Reason,
  type Remainder,
  settle,
  type State,
} from "../../engine/index.ts";
import { sha256Hex } from "../hash.ts";
import type { Payer } from "../test-runner/counts.ts";
import { BEFORE_RULES, UNASKED } from "./early-reasons.ts";
import { everyWay, hangsOn, type Suppose } from "./every-way.ts";
import { knownTask } from "./known-task.ts";
import type { Outcome, RecordedDecision } from "./recorded-decision.ts";
import type { ReplayedCounts } from "./replayed-counts.ts";
import { argumentsAgain, type Asking, lackedBy, requestAgain, unrecordedFacts } from "./request-again.ts";
import type { SessionHistory } from "./session-history.ts";

export interface Ground {
  readonly policy: Policy;
  readonly counts: ReplayedCounts;
}

export type Again =
  /** Denied before any rule: so it would be under any policy. */
  | { readonly kind: "stopped"; readonly reason: string }
  | { readonly kind: "undecided"; readonly why: string }
  | {
      readonly kind: "decided";
      readonly outcome: Outcome;
      readonly reason: string;
      readonly message: string;
      readonly decision: Decision;
      readonly remainder: Remainder;
      readonly state: State;
      /** Labels that it adds where it is admitted, with whether it surely does. */
      readonly adds: readonly { readonly label: string; readonly surely: boolean }[];
    };

/** The approval that the request named doesn't serve. */
const FAULTS: readonly string[] = ["approval_mismatch", "approval_used", "approval_expired", "approval_denied"];
/** Longer arguments are more than a person can be asked to read. */
const REVIEWABLE = 16 * 1024;

export function decideAgain(ground: Ground, history: SessionHistory, recorded: RecordedDecision, payer: Payer): Again {
  const { facts, reason, entry } = recorded;
  if (BEFORE_RULES.includes(reason)) return { kind: "stopped", reason };
  if (facts === null) return undecided("recorded by an edge that doesn't write down its facts");
  if (history.start === null) return undecided("the log doesn't begin with the session's first record");
  const beside = argumentsAgain(recorded);
  const asking: Asking = {
    policy: ground.policy,
    entry,
    start: history.start,
    action: recorded.action,
    args: beside.known ? beside.args : {},
    facts,
    confidence: recorded.confidence,
    at: facts.at,
    samePolicy: recorded.policy === ground.policy.table.hash,
  };
  const of: Case = { ground, history, recorded, payer, asking };
  const early = deniedWithoutArguments(of);
  if (early !== null) return early;
  return beside.known ? decideInEveryWay(of) : undecided(beside.why);
}

interface Case {
  readonly ground: Ground;
  readonly history: SessionHistory;
  readonly recorded: RecordedDecision;
  readonly payer: Payer;
  readonly asking: Asking;
}

const WITHOUT_ARGUMENTS: readonly Reason[] = ["unknown_agent", "review_overdue", "unknown_action"];

/** Some denials don't look at arguments, so they can be told where those are gone. */
function deniedWithoutArguments(of: Case): Again | null {
  const { denied } = match(of.ground.policy, { ...requestAgain(of.asking, () => false), args: {} });
  if (denied === null || !WITHOUT_ARGUMENTS.includes(denied.reason)) return null;
  return concluded(
    of,
    weighed(of, () => false),
  );
}

function decideInEveryWay(of: Case): Again {
  const tried = everyWay(
    (suppose) => weighed(of, suppose),
    (one, other) => one.outcome === other.outcome,
  );
  if (!tried.settled) return undecided(hangsOn(tried.unknown));
  const lack = lackedBy(of.asking, tried.value.decision);
  return lack === null ? concluded(of, tried.value) : undecided(lack);
}

interface Weighed {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly decision: Decision;
  readonly remainder: Remainder;
  readonly state: State;
}

function weighed(of: Case, suppose: Suppose): Weighed {
  const remainder = match(of.ground.policy, requestAgain(of.asking, suppose));
  const state = stateAgain(of, suppose);
  const decision = decide(remainder, state);
  return { ...afterPeople(of.recorded, decision), decision, remainder, state };
}

function concluded(of: Case, { outcome, reason, decision, remainder, state }: Weighed): Again {
  const { message } = decision;
  return { kind: "decided", outcome, reason, message, decision, remainder, state, adds: labelsAdded(of, remainder) };
}

/** What people had said, and what keeps them from being asked, stands as it was. */
function afterPeople(recorded: RecordedDecision, decision: Decision): Pick<Weighed, "outcome" | "reason"> {
  const { reason, facts, entry } = recorded;
  const denied = { outcome: "deny" as const, reason };
  if (decision.decision !== "deny" && (facts?.named ?? null) !== null && FAULTS.includes(reason)) return denied;
  if (decision.decision === "ask" && UNASKED.includes(reason)) return denied;
  const isReviewable = utf8ToBytes(entry.args ?? "").length <= REVIEWABLE;
  if (decision.decision === "ask" && !isReviewable) return { outcome: "deny", reason: "too_large_to_review" };
  return { outcome: decision.decision, reason: decision.reason };
}

function stateAgain({ ground, history, recorded, payer, asking }: Case, suppose: Suppose): State {
  const { at } = recorded.entry;
  const task = knownTask(ground.policy, asking.start, asking.entry);
  return {
    now: at,
    opened_at: asking.start.at,
    calls: history.calls,
    labels: history.labels(suppose),
    roles: new Set(recorded.facts?.roles),
    ...(task === null ? {} : { task }),
    did: (action, same, within) => history.did({ action, same, within, now: at }, suppose),
    live: (set, value) => liveAgain(recorded, { set, value }, suppose),
    used: (limit) => ground.counts.used(limit, { payer, now: at, recorded }, suppose),
    approved: (name) => isApproved(ground.policy, recorded, name, suppose),
  };
}

function liveAgain(
  { entry, facts }: RecordedDecision,
  { set, value }: { readonly set: string; readonly value: string },
  suppose: Suppose,
): boolean | null {
  const held = facts?.live.get(sha256Hex(liveKey(entry.args ?? "", set, value)));
  return held === undefined ? suppose(`what was in live set \`${set}\``) : held;
}

/** An approval of the same name counts if it was given under the same terms; under others nobody knows. */
function isApproved({ table, agents }: Policy, recorded: RecordedDecision, name: string, suppose: Suppose): boolean {
  const terms = recorded.facts?.approved.get(name);
  const approval = table.body.approvals.find((each) => each.name === name);
  if (terms === undefined || approval === undefined) return false;
  const owners = recorded.entry.chain.flatMap((agent) => agents.get(agent)?.agent.owner ?? []);
  if (sha256Hex(approvalTerms(approval, table.body.groups, owners)) === terms) return true;
  return suppose(`whether approval \`${name}\` would have been given under its other terms`);
}

function labelsAdded(of: Case, { yields }: Remainder): Extract<Again, { kind: "decided" }>["adds"] {
  const missing = unrecordedFacts(of.asking);
  return yields.flatMap(({ label, holds }): readonly { readonly label: string; readonly surely: boolean }[] => {
    const taken = everyWay(
      (suppose) => settle(holds, stateAgain(of, suppose)),
      (one, other) => one === other,
    );
    if (!taken.settled) return [{ label, surely: false }];
    if (taken.value === "unknown" && missing.length > 0) return [{ label, surely: false }];
    return taken.value === false ? [] : [{ label, surely: true }];
  });
}

function undecided(why: string): Again {
  return { kind: "undecided", why };
}
