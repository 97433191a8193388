/** What someone asks about: one request of one agent, in a session as they state it. */
import { type Agent, type JsonObject, type Request, type State, type Table } from "../../engine/index.ts";
import { didYouMean } from "../did-you-mean.ts";
import { sha256Hex } from "../hash.ts";
import { emptyCounts } from "../test-runner/counts.ts";
import { defaultEnvironment } from "../test-runner/run-tests.ts";
import { openTree } from "../test-runner/session-tree.ts";
import { taskInSession } from "../test-runner/task-in-session.ts";
import { namedAgent, requesterOf } from "../test-runner/test-world.ts";
import { readJson } from "./read-json.ts";
import { readSession, type StatedSession } from "./stated-session.ts";
import { statedUsage } from "./stated-usage.ts";

/** As typed: names, and JSON texts. */
export interface ScenarioText {
  readonly agent: string;
  readonly action: string;
  /** A JSON object; null is an action without arguments. */
  readonly args: string | null;
  /** A JSON object, see {@link StatedSession}; null is a fresh session without a requester. */
  readonly session: string | null;
  /** UTC milliseconds of the question, unless the session states `at`. */
  readonly now: number;
}

export type ReadScenario =
  | { readonly ok: true; readonly request: Request; readonly state: State }
  | { readonly ok: false; readonly problem: string };

/**
 * Builds the request and the state that `explain` needs. What can't be meant is refused with a problem that says what
 * to write instead: malformed JSON, names that the table doesn't have, fields that nobody reads.
 */
export function readScenario(text: ScenarioText, table: Table): ReadScenario {
  const agent = table.body.agents.find((one) => one.name === text.agent);
  if (agent === undefined) return refuse(unknownName("agent", text.agent, table.body.agents));
  if (!table.body.actions.some((action) => action.name === text.action) && text.action !== "session.open")
    return refuse(unknownName("action", text.action, table.body.actions));
  const args = readJson(text.args ?? "{}", "the arguments");
  if (!args.ok) return args;
  const session = readSession(text.session, table, text.now);
  if (!session.ok) return session;
  const mistaken = unmeantChain(agent, session.session) ?? unmeantTask(agent, session.session, table);
  if (mistaken !== null) return refuse(mistaken);
  const request = requestOf(text, args.value, session.session, table);
  return { ok: true, request, state: stateOf(session.session, table, agent.starts_with) };
}

/** What no session could be: a chain that closes on itself, a role that is never offered. */
function unmeantChain({ name, may_become }: Agent, { callers, roles }: StatedSession): string | null {
  if (new Set([...callers, name]).size <= callers.length)
    return `\`callers\` are the agents above \`${name}\`, the first one at the root, and none stands there twice`;
  const role = roles.find((gained) => !may_become.some((offer) => offer.role === gained));
  return role === undefined ? null : `agent \`${name}\` has no \`may become ${role}\`, so it can't have gained it`;
}

/** The edge would open such a session without the task, so what comes of it would say nothing about any session. */
function unmeantTask(acting: Agent, { callers, requester, task }: StatedSession, table: Table): string | null {
  const [first] = callers;
  const root = first === undefined ? acting : namedAgent(table, first);
  if (task === null || taskInSession({ agent: root, requester, task }) !== null) return null;
  return `nobody vouches for the \`task\`: state the \`requester\` too, or write \`task from client\` in \`agent ${root.name}\``;
}

function requestOf(text: ScenarioText, args: JsonObject, session: StatedSession, table: Table): Request {
  const requester =
    session.requester === null ? {} : { requester: { ...requesterOf(session.requester), claims: session.claims } };
  return {
    agent: text.agent,
    session: "stated",
    callers: session.callers,
    environment: session.environment ?? defaultEnvironment(table),
    ...requester,
    action: text.action,
    args,
    at: session.at,
    ...(session.ip === null ? {} : { ip: session.ip }),
    ...(session.country === null ? {} : { country: session.country }),
    ...(session.confidence === null ? {} : { confidence: session.confidence }),
    sha256: sha256Hex,
  };
}

function stateOf(stated: StatedSession, table: Table, startsWith: readonly string[]): State {
  const session = openTree({
    id: "stated",
    actions: table.body.actions,
    openedAt: stated.at - stated.age,
    labels: [...startsWith, ...stated.labels],
    calls: stated.calls ?? stated.did.length,
    task: stated.task,
    counts: emptyCounts(),
    live: stated.live,
  });
  for (const role of stated.roles) session.gain(role, Number.POSITIVE_INFINITY);
  for (const past of stated.did) session.remember(past.action, past.args, stated.at - past.ago);
  const asker = { agent: "", requester: stated.requester, isRoot: true, now: stated.at };
  const given = session.state(asker, () => false);
  return {
    ...given,
    approved: (approval) => stated.approved.includes(approval),
    used: (limit) => {
      const stands = stated.counts.get(limit.id) ?? stated.counts.get(limit.text);
      return stands === undefined ? given.used(limit) : statedUsage(limit, stands, stated.at);
    },
  };
}

function unknownName(what: string, name: string, known: readonly { readonly name: string }[]): string {
  const help = didYouMean(
    name,
    known.map((one) => one.name),
  );
  return `the policy has no ${what} \`${name}\`${help === null ? "" : `; ${help}`}`;
}

function refuse(problem: string): ReadScenario {
  return { ok: false, problem };
}
