/** Puts one question to the engine and to the reference, and says where their answers differ. */
import {
  canonicalArgs,
  decide,
  type Decision,
  match,
  matchOpening,
  type Policy as Prepared,
  sameHolds,
  type State,
  type Table,
} from "../../engine/index.ts";
import { evaluate, evaluateOpening } from "./evaluate.ts";
import type { Answer, Policy, Question, SessionState } from "./model.ts";

export interface Compiled {
  readonly files: Policy;
  readonly table: Table;
  readonly prepared: Prepared;
}

export function engineAnswer({ table, prepared }: Compiled, question: Question, state: SessionState): Answer {
  const rest = match(prepared, question);
  return shown(decide(rest, engineState(table, state, question.agent)), rest.denied === null ? rest.resources : []);
}

export function engineOpening({ table, prepared }: Compiled, question: Question, state: SessionState): Answer {
  return shown(decide(matchOpening(prepared, question), engineState(table, state, question.agent)), []);
}

export function referenceAnswer({ files }: Compiled, question: Question, state: SessionState): Answer {
  return evaluate(files, question, state);
}

export function referenceOpening({ files }: Compiled, question: Question, state: SessionState): Answer {
  return evaluateOpening(files, question, state);
}

/** The state as `decide` reads it: what was admitted is kept as the engine's own canonical text. */
export function engineState({ body }: Table, state: SessionState, acting: string): State {
  const past = state.admitted.map((one) => {
    const action = body.actions.find((declared) => declared.name === one.action);
    if (action === undefined) throw new Error(`no action ${one.action} was ever admitted`);
    return { action: one.action, args: canonicalArgs(action, one.args), at: one.at };
  });
  return {
    now: state.now,
    opened_at: state.opened_at,
    calls: state.calls,
    labels: state.labels,
    roles: state.roles,
    ...(state.task === undefined ? {} : { task: state.task }),
    did: (action, same, within) =>
      past.some((one) => {
        const late = within !== null && state.now - one.at > within;
        return one.action === action && !late && sameHolds(same, one.args);
      }),
    live: (set, value) => state.live.get(set)?.has(value) ?? null,
    used: ({ per, agent, key, window }) => {
      const used = state.used({ per, agent: per === "agent" ? (agent ?? acting) : "", key, window });
      return used === null ? null : { used, admits_at: null };
    },
    approved: (approval) => state.approvals.has(approval),
  };
}

function shown(decision: Decision, resources: readonly string[]): Answer {
  return {
    decision: decision.decision,
    tier: decision.tier,
    reason: decision.reason,
    faults: decision.faults.map((fault) => fault.pointer).toSorted(),
    resources,
    approvals: decision.approvals,
    notify: decision.notify,
    adds: decision.adds,
    clears: decision.clears,
    spends: decision.spends.map(({ limit, beyond }) => ({ key: limit.key, amount: limit.amount, n: limit.n, beyond })),
    unknown: decision.unknown,
    trials: decision.trials.map(({ tier, via, to }) => [tier, ...[...via, ...to].toSorted()].join(" ")).toSorted(),
  };
}

/** The values of a limit's key, as texts. */
export function keyTexts(key: string): readonly string[] {
  const values: unknown = JSON.parse(key);
  if (!Array.isArray(values)) throw new Error(`a key must be a list: ${key}`);
  return values.map(String);
}

/** Everything that must be equal, in an order that doesn't matter made to one that doesn't differ. */
export function comparable(answer: Answer): object {
  const spends = answer.spends.map((spend) => {
    const key = keyTexts(spend.key).join();
    return `${key} ${spend.amount} of ${spend.n}${spend.beyond ? " beyond" : ""}`;
  });
  return { ...answer, resources: answer.resources.toSorted(), spends: spends.toSorted() };
}
