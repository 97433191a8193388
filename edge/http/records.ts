/** For auditors: which sessions there were, and what happened in one, record by record. */
import type { Deployment } from "../deployment.ts";
import { isSessionId, rootOf } from "../ids.ts";
import { agentOf, sessionOf, switchboardOf } from "../objects/env.ts";
import type { RecordsOutput, SessionRow, UsualView } from "../rpc.ts";
import { BOARD_LOG } from "../rpc.ts";
import { requesterName } from "../switches/switch-reach.ts";
import { askObject } from "./ask-object.ts";
import { reasonBody } from "./bodies.ts";
import { requireOffice } from "./callers.ts";
import { rfc3339 } from "./context.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem, malformed } from "./problem.ts";
import { readBody } from "./read-body.ts";
import type { UsualSummary } from "../../sdk/index.ts";

/** Records fetched from the object at a time. */
const PAGE = 50;
/** Sessions of an agent that are listed. */
const LISTED = 500;
/** Without `?agent=` every agent is asked, so many for one page. */
const AGENTS_A_PAGE = 200;

/** `GET /v1/sessions?agent=&after=` */
export async function listSessions(c: AppContext): Promise<Response> {
  await requireOffice(c, ["auditors"]);
  const named = c.req.query("agent");
  const { agents } = c.get("deployment");
  const { names, ...page } = named === undefined ? pageOfAgents(agents, c.req.query("after") ?? "") : onlyPage(named);
  const lists = await Promise.all(names.map((name) => sessionsOf(c, name)));
  const sessions = lists.flatMap((list) => list.sessions).toSorted((a, b) => b.opened_at - a.opened_at);
  // An agent that the policy has no more may still have sessions to look at; a misspelt one never had any.
  if (named !== undefined && !agents.has(named) && sessions.length === 0)
    throw new HttpProblem(
      "not_found",
      `the policy has no agent \`${named}\`, and no session was opened under this name`,
    );
  const held = await heldBySwitches(c);
  const usual = lists.flatMap((list) => (list.usual === undefined ? [] : wireUsual(list.agent, list.usual)));
  return c.json({ sessions: sessions.map((session) => wireSession(session, held(session))), usual, ...page });
}

interface AgentPage {
  readonly names: readonly string[];
  /** The last of them. */
  readonly cursor: string;
  readonly more: boolean;
}

/** In the order of their names, which a new policy between two pages leaves as it is. */
function pageOfAgents(agents: Deployment["agents"], after: string): AgentPage {
  const left = [...agents.keys()].filter((name) => name > after).toSorted((one, other) => (one < other ? -1 : 1));
  const names = left.slice(0, AGENTS_A_PAGE);
  return { names, cursor: names.at(-1) ?? after, more: left.length > names.length };
}

function onlyPage(agent: string): AgentPage {
  return { names: [agent], cursor: agent, more: false };
}

type ListedSession = SessionRow & { readonly agent: string };

/** The Switchboard's own list, as a session's freeze for flooding comes to stand there too. */
async function heldBySwitches(c: AppContext): Promise<(session: ListedSession) => boolean> {
  const { sequence } = c.get("deployment");
  const { flipped } = await askObject(() => switchboardOf(c.env).flipped({ sequence }));
  const held = new Set(flipped.map(({ scope, name }) => `${scope} ${name}`));
  return ({ id, agent, requester, chain = [{ session: id, agent }] }) =>
    held.has("fleet *") ||
    chain.some((link) => held.has(`agent ${link.agent}`) || held.has(`session ${link.session}`)) ||
    (requester !== null && held.has(`requester ${requesterName(requester)}`));
}

interface AgentList {
  readonly agent: string;
  readonly sessions: readonly ListedSession[];
  /** Absent from an object of an earlier version. */
  readonly usual?: UsualView | undefined;
}

async function sessionsOf(c: AppContext, agent: string): Promise<AgentList> {
  const { sequence } = c.get("deployment");
  const { sessions, usual } = await askObject(() => agentOf(c.env, agent).sessions({ sequence, limit: LISTED }));
  return { agent, sessions: sessions.map((session) => ({ ...session, agent })), usual };
}

/** Nothing of an agent that never did anything. */
function wireUsual(agent: string, { since, learned, actions }: UsualView): readonly UsualSummary[] {
  if (since === null) return [];
  const wire = actions.map(({ last_at, ...action }) => ({ ...action, last_used_at: rfc3339(last_at) }));
  return [{ agent, since: rfc3339(since), learned, actions: wire }];
}

function wireSession(session: ListedSession, held: boolean): object {
  return {
    id: session.id,
    root: rootOf(session.id),
    agent: session.agent,
    opened_at: rfc3339(session.opened_at),
    until: rfc3339(session.until),
    ended_at: session.ended_at === null ? null : rfc3339(session.ended_at),
    status: session.ended_at !== null ? "ended" : held ? "frozen" : "open",
  };
}

/**
 * `GET /v1/sessions/{id}/records?after=`: NDJSON, one `{ "record": …, "args": … }` a line, to the end of the log. A tree
 * has one log: any of its sessions names it.
 */
export async function streamRecords(c: AppContext): Promise<Response> {
  await requireOffice(c, ["auditors"]);
  const log = c.req.param("id") === BOARD_LOG ? BOARD_LOG : sessionId(c);
  const after = c.req.query("after") ?? "0";
  if (!/^\d{1,10}$/.test(after)) throw malformed("`after` takes the `seq` of a record");
  const read = (from: number): Promise<RecordsOutput> => readLog(c, log, from, PAGE);
  // The first page before the first byte, so that a wrong id is 404 and no half an answer.
  const body = pages(await read(Number(after)), read);
  return new Response(body, { headers: { "Content-Type": "application/x-ndjson" } });
}

/** Of a session, or the Switchboard's own. */
export function readLog(c: AppContext, log: string, after: number, limit: number): Promise<RecordsOutput> {
  const { sequence } = c.get("deployment");
  const input = { sequence, after, limit };
  return askObject(() =>
    log === BOARD_LOG ? switchboardOf(c.env).records(input) : sessionOf(c.env, log).records(input),
  );
}

/** A failure after the first page breaks the stream off, so that the reader can't take it for the whole. */
function pages(first: RecordsOutput, read: (from: number) => Promise<RecordsOutput>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: RecordsOutput | null = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const page: RecordsOutput | null = next;
      if (page === null) return controller.close();
      if (page.lines.length > 0) controller.enqueue(encoder.encode(`${page.lines.join("\n")}\n`));
      next = page.more ? await read(page.last) : null;
      if (next === null) controller.close();
    },
  });
}

/** `DELETE /v1/sessions/{id}/records/{seq}/args`: removes a person's data and leaves the chain whole. */
export async function eraseArguments(c: AppContext): Promise<Response> {
  const { iss, sub, email, claims } = await requireOffice(c, ["operators", "auditors"]);
  const session = sessionId(c);
  const seq = c.req.param("seq") ?? "";
  if (!/^\d{1,10}$/.test(seq)) throw new HttpProblem("not_found", "records are numbered from 1");
  const { reason } = await readBody(c.req.raw, reasonBody);
  const by = { iss, sub, email, claims };
  const { sequence } = c.get("deployment");
  const { erased } = await askObject(() =>
    sessionOf(c.env, session).eraseArguments({ sequence, seq: Number(seq), by, reason }),
  );
  return c.json({ erased });
}

function sessionId(c: AppContext): string {
  const id = c.req.param("id") ?? "";
  if (!isSessionId(id)) throw new HttpProblem("not_found", "there is no session with this id");
  return id;
}
