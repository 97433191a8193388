/**
 * Decides recorded requests again under another policy. Each is asked as it was: in the session as it stood, after what
 * was really admitted before it. Labels are those that the tried policy gives for that, and limits count what it would
 * have admitted. Where the records don't hold what the decision hangs on, it isn't decided.
 */
import { decide, matchOpening, OPENING, type Policy, type Remainder, type State } from "../../engine/index.ts";
import type { Payer } from "../test-runner/counts.ts";
import { type Again, decideAgain, type Ground } from "./decide-again.ts";
import { elevationAgain } from "./elevation-again.ts";
import { everyWay, hangsOn, type Suppose } from "./every-way.ts";
import { textsOf } from "./fields.ts";
import type { Entry, ReadLogs } from "./read-log.ts";
import { type Outcome, recordedDecision, type RecordedDecision } from "./recorded-decision.ts";
import { knownTask } from "./known-task.ts";
import { replayCounts } from "./replayed-counts.ts";
import { type Asking, lackedBy, requestAgain } from "./request-again.ts";
import { openHistory, type SessionHistory } from "./session-history.ts";
import { spanOf } from "./span.ts";
import { startTally, type Tally } from "./tally.ts";
import type { WhatIfReport } from "./what-if-report.ts";

export function whatIf(policy: Policy, logs: ReadLogs): WhatIfReport {
  const ground: Ground = { policy, counts: replayCounts(policy) };
  const tally = startTally();
  const replays = logs.logs.map((log, number) => ({
    log,
    tree: String(number),
    history: openHistory(log, policy.table),
    allowed: new Set<string>(),
  }));
  const entries = replays.flatMap((replay) => replay.log.entries.map((entry) => ({ replay, entry })));
  // What sessions share is counted in the order of time; within one log that of its records is kept.
  for (const { replay, entry } of entries.toSorted((one, other) => one.entry.at - other.entry.at))
    step({ ...replay, ground, tally }, entry);
  return {
    policy: policy.table.hash,
    span: spanOf(logs),
    ...tally.report(),
    counted_here: [...ground.counts.onlyHere].toSorted(),
    not_recorded: NOT_RECORDED,
  };
}

const NOT_RECORDED: WhatIfReport["not_recorded"] = [
  "openings of sessions that were refused",
  "delegations that were refused",
  "questions that could not be asked (a bad token, a malformed body, too many at once)",
];

interface Replay {
  readonly ground: Ground;
  readonly tally: Tally;
  readonly tree: string;
  readonly history: SessionHistory;
  /** Approvals that the tried policy wouldn't have asked for. */
  readonly allowed: Set<string>;
}

function step(replay: Replay, entry: Entry): void {
  const recorded = recordedDecision(entry);
  if (recorded !== null) stepDecision(replay, recorded);
  else if (entry.kind === "session.opened") stepOpening(replay, entry);
  else if (isElevation(entry)) stepElevation(replay, entry);
  else if (entry.kind === "outcome") replay.history.give(textsOf(entry.record, "adds"), true);
}

function isElevation({ kind }: Entry): boolean {
  return kind === "elevation.asked" || kind === "elevation.refused";
}

/** What was gained meanwhile stands in the facts of each decision. */
function stepElevation({ ground, history, tally }: Replay, entry: Entry): void {
  const again = elevationAgain(ground.policy, history, entry);
  if (again.kind === "stopped") tally.stopped(again.reason);
  else if (again.kind === "undecided") tally.undecided(again.why, entry);
  else tally.decided(entry, again);
}

function payerOf({ tree, history }: Replay, { agent }: Entry): Payer {
  return { tree, agent, requester: history.start?.requester?.id ?? null };
}

function stepDecision(replay: Replay, recorded: RecordedDecision): void {
  const { ground, history, tally, allowed } = replay;
  const { entry, action, outcome, approval } = recorded;
  const payer = payerOf(replay, entry);
  const again = decideAgain(ground, history, recorded, payer);
  const unneeded = again.kind === "decided" && allowed.has(recorded.facts?.named ?? "") && outcome === "allow";
  if (again.kind === "stopped") tally.stopped(again.reason);
  else if (again.kind === "undecided") tally.undecided(again.why, entry);
  else if (unneeded) tally.same();
  else tally.decided(entry, { action, was: outcome, ...again, rules: again.decision.rules.map(({ text }) => text) });
  if (again.kind === "undecided") ground.counts.blur(action, payer, entry.at);
  if (again.kind === "decided") {
    if (outcome === "ask" && again.outcome === "allow" && approval !== null) allowed.add(approval);
    const { remainder, state, decision } = again;
    const admits = again.outcome === "allow" && !unneeded;
    ground.counts.spend({
      recorded,
      payer,
      at: entry.at,
      remainder,
      state,
      again: decision,
      admits,
      admitted: outcome === "allow",
    });
  }
  if (outcome === "allow") takeOver(replay, recorded, again);
}

/** What was admitted happened, whatever the tried policy says of it. */
function takeOver({ ground, history }: Replay, recorded: RecordedDecision, again: Again): void {
  const { action, entry, policy, labels } = recorded;
  const args = again.kind === "undecided" || entry.args === null ? null : parsedArguments(entry.args);
  history.admit(action, args, entry.at);
  // The edge knew all that the log may lack.
  if (policy === ground.policy.table.hash) return history.know(labels);
  if (again.kind === "decided") {
    history.clear(again.remainder.clears);
    for (const { label, surely } of again.adds) history.give([label], surely);
  } else giveUnseen(ground.policy, history, action);
}

function giveUnseen({ table }: Policy, history: SessionHistory, name: string): void {
  const action = table.body.actions.find((one) => one.name === name);
  if (action === undefined) return;
  history.clear(action.clears);
  for (const { label, when } of action.yields) history.give([label], when === null);
}

function parsedArguments(text: string): Parameters<SessionHistory["admit"]>[1] {
  return JSON.parse(text) as Parameters<SessionHistory["admit"]>[1];
}

/** Only openings that succeeded are on record. */
function stepOpening(replay: Replay, entry: Entry): void {
  const { ground, history, tally } = replay;
  history.give(startLabels(ground.policy, entry), true);
  const { start } = history;
  if (start === null) return tally.undecided("the log doesn't begin with the session's first record", entry);
  const { hash } = ground.policy.table;
  const action = OPENING.name;
  const samePolicy = entry.record["policy"] === hash;
  const asking: Asking = {
    policy: ground.policy,
    entry,
    start,
    action,
    args: {},
    facts: null,
    confidence: null,
    at: entry.at,
    samePolicy,
  };
  const payer = payerOf(replay, entry);
  const tried = everyWay(
    (suppose) => openAgain(replay, asking, payer, suppose),
    (one, other) => one.outcome === other.outcome,
  );
  if (!tried.settled) return tally.undecided(hangsOn(tried.unknown), entry);
  const { decision, remainder, state, outcome } = tried.value;
  const lack = lackedBy(asking, decision);
  if (lack !== null) return tally.undecided(lack, entry);
  const { reason, message, rules } = decision;
  tally.decided(entry, { action, was: "allow", outcome, reason, message, rules: rules.map(({ text }) => text) });
  ground.counts.spend({
    recorded: null,
    payer,
    at: entry.at,
    remainder,
    state,
    again: decision,
    admits: outcome === "allow",
    admitted: true,
  });
}

function startLabels({ agents }: Policy, { agent }: Entry): readonly string[] {
  return agents.get(agent)?.agent.starts_with ?? [];
}

interface OpenedAgain {
  readonly outcome: Outcome;
  readonly decision: ReturnType<typeof decide>;
  readonly remainder: Remainder;
  readonly state: State;
}

/** A question that nobody can be asked yet is a denial. */
function openAgain({ ground, history }: Replay, asking: Asking, payer: Payer, suppose: Suppose): OpenedAgain {
  const remainder = matchOpening(ground.policy, requestAgain(asking, suppose));
  const { at, entry, start } = asking;
  // Whoever opens a root doesn't know its task yet; a tree has one.
  const task = entry.chain.length > 1 ? knownTask(ground.policy, start, entry) : null;
  const state: State = {
    now: at,
    opened_at: asking.start.at,
    calls: history.calls,
    labels: history.labels(suppose),
    roles: new Set(),
    ...(task === null ? {} : { task }),
    did: (action, same, within) => history.did({ action, same, within, now: at }, suppose),
    live: (set) => suppose(`what was in live set \`${set}\``),
    used: (limit) => ground.counts.used(limit, { payer, now: at, recorded: null }, suppose),
    approved: () => false,
  };
  const decision = decide(remainder, state);
  return { outcome: decision.decision === "allow" ? "allow" : "deny", decision, remainder, state };
}
