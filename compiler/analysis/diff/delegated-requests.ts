/** Requests in sessions below another agent's that its `may call` newly lets through, each decided by the engine. */
import type { Action, Agent } from "../../../engine/index.ts";
import { decisionOn } from "../space/decision-on.ts";
import type { Fate } from "../space/effect.ts";
import { possibleOutcomes } from "../space/possible-outcomes.ts";
import type { Question } from "../space/question.ts";
import { realFate } from "../space/real-fate.ts";
import type { Tables } from "./approval-order.ts";
import { callChanges } from "./call-changes.ts";

export interface DelegatedRequest {
  readonly caller: string;
  readonly agent: string;
  readonly action: Action;
  readonly before: Fate;
  readonly after: Fate;
  readonly question: Question;
}

/** Of an agent that may call for more, more actions than these aren't looked at; that it may is told anyway. */
const MOST_ACTIONS = 100;

export function delegatedRequests(tables: Tables, from: number | undefined): readonly DelegatedRequest[] {
  const { before, after } = tables;
  return after.body.agents.flatMap((caller) => {
    const old = before.body.agents.find(({ name }) => name === caller.name);
    if (old === undefined || !callChanges(old, caller, tables).some(({ direction }) => direction === "looser"))
      return [];
    return caller.may_call.flatMap((call) => {
      const agent = after.body.agents.find(({ name }) => name === call.agent);
      if (agent === undefined) return [];
      return after.body.actions
        .slice(0, MOST_ACTIONS)
        .flatMap((action) => requestOn(caller, agent, action, tables, from));
    });
  });
}

const LOOSENESS: { readonly [tier in Fate["tier"]]: number } = { deny: 0, ask: 1, notify: 2, allow: 3 };

/** The loosest of those that were refused because they weren't delegated. */
function requestOn(
  caller: Agent,
  agent: Agent,
  action: Action,
  { before, after }: Tables,
  from: number | undefined,
): readonly DelegatedRequest[] {
  const { outcomes } = possibleOutcomes({ table: after, agent, action }, from === undefined ? {} : { from });
  const granted = outcomes.filter(({ fate }) => fate.tier !== "deny");
  for (const outcome of granted.toSorted((a, b) => LOOSENESS[b.fate.tier] - LOOSENESS[a.fate.tier])) {
    for (const question of below(caller, outcome.question)) {
      const [old, now] = [decisionOn(before, question), decisionOn(after, question)];
      if (old.reason !== "not_delegated" || now.decision === "deny") continue;
      const fates = { before: realFate(before, question), after: realFate(after, question) };
      return [{ caller: caller.name, agent: agent.name, action, ...fates, question }];
    }
  }
  return [];
}

/** The same in a session below the caller's, also for a person. Roles are gained by nobody below. */
function below({ name, starts_with }: Agent, question: Question): readonly Question[] {
  const { request, state } = question;
  const roles: ReadonlySet<string> = new Set();
  const called = {
    ...question,
    request: { ...request, callers: [name] },
    state: { ...state, roles, labels: new Set([...state.labels, ...starts_with]) },
  };
  const requester = { id: "someone@other.example", email: "someone@other.example", claims: {} };
  return request.requester === undefined
    ? [called, { ...called, request: { ...called.request, requester } }]
    : [called];
}
