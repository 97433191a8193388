/** An edge with one of everything on it, and all of its state that can be read over HTTP. */
import { startEdge } from "../../cli/local/start-edge.ts";
import type { OpenSessionResponse } from "../../sdk/index.ts";
import { ROUTES } from "../../edge/http/app.ts";
import { EdgeUnderTest, tableText } from "../edge-http/edge-under-test.ts";
import type { Random } from "../fuzz/random.ts";
import { makeKeys, signAssertion } from "../harness/agent-keys.ts";
import type { Reply } from "../harness/http-call.ts";
import { until } from "../harness/until.ts";
import type { Known, Route } from "./random-call.ts";
import type { Sound } from "./random-body.ts";

export interface World {
  readonly edge: EdgeUnderTest;
  /** As it is now: sessions that were closed are replaced, switches that were flipped are lifted. */
  readonly mend: () => Promise<Known>;
  /** Everything that a call could change, as one text. */
  readonly state: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** A long run opens more sessions than an agent may without a limit of its own. */
const OPENINGS = "  limit session.open to 100000 in 1h per agent";
const AGENTS = Array.from({ length: 12 }, (_, at) => `bot_${at}`);
const PEOPLE = ["oda@corp.example", "lea@corp.example", "pat@corp.example", "eve@corp.example"];
const LIVE_SETS = `
live set vendors editors leads
live set blocked editors ops
`;

/** Each may call the next, the last one the first. */
const CALLS = new Map(AGENTS.map((name, at) => [name, `may call ${nextOf(at)} for pay, files.write`]));

function nextOf(at: number): string {
  return AGENTS[(at + 1) % AGENTS.length] ?? "";
}

interface Gateways {
  readonly assertion: () => Promise<string>;
  readonly token: string;
}

function gatewayText(key: string): string {
  return `
gateway front {
  identity key ed25519 "${key}"
  for      ${AGENTS.slice(0, 3).join(", ")}
}
`;
}

function requiredKey(key: CryptoKey | undefined): CryptoKey {
  if (key === undefined) throw new Error("the gateway has no key");
  return key;
}

interface Opened {
  readonly agent: string;
  readonly id: string;
  readonly token: string;
  /** For a session of the next agent; may be used or late by now. */
  readonly ticket: string;
  readonly approval: string;
  /** Of the request that waits for approval. */
  readonly digest: string;
  /** Of the one that was allowed. */
  readonly permit: string;
}

export async function startWorld(): Promise<World> {
  const agents = await makeKeys<string>(AGENTS);
  const gateway = await makeKeys(["front"]);
  const table = tableText(agents, {
    more: LIVE_SETS + gatewayText(gateway.public.get("front") ?? ""),
    own: CALLS,
    rules: OPENINGS,
  });
  const edge = new EdgeUnderTest(await startEdge({ table, directory: null }), agents, table);
  const gatewayOf = (): Promise<string> => signAssertion(edge.url, "front", requiredKey(gateway.keys.get("front")));
  const opened = await edge.call("/v1/gateway/token", { method: "POST", token: await gatewayOf() });
  const gateways: Gateways = { assertion: gatewayOf, token: String(opened.body["token"]) };
  const auditor = await edge.edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
  const people = [auditor, ...(await Promise.all(PEOPLE.map((email) => edge.person(email))))];
  const operator = people[1] ?? "";
  const approver = people[2] ?? "";
  const sessions: Opened[] = [];
  const mend = async (): Promise<Known> => {
    await liftAll(edge, operator);
    for (const at of [0, 1]) {
      const agent = AGENTS[Math.floor(Math.random() * AGENTS.length)] ?? "";
      const held = sessions[at];
      if (held === undefined || !(await isOpen(edge, held))) sessions[at] = await openWithApproval(edge, agent);
    }
    return knownOf(edge, sessions, people, gateways);
  };
  return {
    edge,
    mend,
    state: () => readState(edge, sessions, { auditor, operator, approver }),
    stop: () => edge.edge.stop(),
  };
}

async function isOpen(edge: EdgeUnderTest, { token, approval }: Opened): Promise<boolean> {
  const [session, asked] = await Promise.all([
    edge.call("/v1/session", { token }),
    edge.call(`/v1/approvals/${approval}`, { token }),
  ]);
  return session.body["status"] === "open" && asked.body["status"] === "pending";
}

async function openWithApproval(edge: EdgeUnderTest, agent: string): Promise<Opened> {
  const { token: above } = await edge.open(agent);
  const called = nextOf(AGENTS.indexOf(agent));
  const body = { ticket: await ticketOf(edge, above, called) };
  const opened = await edge.call("/v1/sessions", { method: "POST", token: await edge.assertion(called), body });
  if (opened.status !== 201) throw new Error(`no session below: ${opened.status} ${opened.text}`);
  const { session, token } = opened.body as unknown as OpenSessionResponse;
  const { permit = "" } = await edge.decide(token, { action: "pay", args: { to: "kim", amount: "1" } });
  const asked = await edge.decide(token, { action: "files.write", args: { file: "a.txt", text: "x" } });
  const ticket = await ticketOf(edge, token, nextOf(AGENTS.indexOf(called)));
  return {
    agent: called,
    id: session.id,
    token,
    ticket,
    approval: asked.approval?.id ?? "",
    digest: asked.request_digest,
    permit,
  };
}

async function ticketOf(edge: EdgeUnderTest, token: string, agent: string): Promise<string> {
  const { status, text, body } = await edge.call("/v1/session/delegations", { method: "POST", token, body: { agent } });
  if (status !== 201) throw new Error(`no ticket: ${status} ${text}`);
  return String(body["ticket"]);
}

/** A killed fleet would answer every call alike. */
async function liftAll(edge: EdgeUnderTest, operator: string): Promise<void> {
  const { body } = await edge.call("/v1/switches", { token: operator });
  for (const { scope, name } of body["switches"] as { scope: string; name: string }[]) {
    const path = `/v1/switches/${scope}/${encodeURIComponent(name)}`;
    await edge.call(path, { method: "DELETE", token: operator, body: { reason: "next call" } });
  }
}

function knownOf(
  edge: EdgeUnderTest,
  sessions: readonly Opened[],
  people: readonly string[],
  gateways: Gateways,
): Known {
  const agent = (random: Random): string => random.pick(AGENTS);
  return {
    host: new URL(edge.url).host,
    routes: Object.entries(ROUTES).map(([path, route]): Route => ({ path, methods: Object.keys(route) })),
    names: {
      id: sessions.flatMap(({ id, approval }) => [id, approval]),
      scope: ["fleet", "agent", "role", "action", "class", "requester", "session"],
      name: ["*", "bot_0", "vendors", "blocked", "worker", "pay", ...sessions.map(({ id }) => id)],
      seq: ["1", "2", "3", "0"],
      jti: sessions.map(({ permit }) => jtiOf(permit)),
    },
    bodies: soundBodies(sessions),
    credentials: {
      none: () => Promise.resolve(""),
      garbage: (random) => Promise.resolve(random.pick(["garbage-garbage", "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl"])),
      agent: (random) => edge.assertion(agent(random)),
      session: (random) => Promise.resolve(random.pick(sessions).token),
      person: (random) => Promise.resolve(random.pick(people)),
      gateway: () => gateways.assertion(),
      gateway_token: () => Promise.resolve(gateways.token),
      requester: (random) => edge.edge.requesterToken({ email: "kim@corp.example", agent: agent(random) }),
    },
  };
}

function jtiOf(permit: string): string {
  const claims = JSON.parse(Buffer.from(permit.split(".")[1] ?? "", "base64url").toString()) as { jti: string };
  return claims.jti;
}

function soundBodies(sessions: readonly Opened[]): { readonly [call: string]: Sound } {
  const digest = sessions[0]?.digest ?? "";
  const reason = { reason: "because" };
  const question = {
    subject: { type: "agent", id: "bot_0", properties: { role: "x" } },
    action: { name: "pay", properties: { amount: "1" } },
    resource: { type: "pay", id: "kim" },
    context: { time: "now", agentpolicy: { intent: "it was asked for", confidence: 0.5 } },
  };
  const page = { page: { limit: 5 } };
  return {
    "POST /v1/sessions":
      Math.random() < 0.5 ? { task: "Answer the mails", client: "fuzz/1" } : { ticket: sessions[0]?.ticket ?? "" },
    "POST /v1/session/delegations": { agent: nextOf(AGENTS.indexOf(sessions[0]?.agent ?? "")) },
    "POST /v1/session/token": {},
    "POST /v1/gateway/token": {},
    "POST /v1/permits/:jti/redeem": { permit: sessions[0]?.permit ?? "" },
    "POST /access/v1/evaluation": question,
    "POST /access/v1/evaluations": {
      ...question,
      evaluations: [{}, { action: { name: "note" } }],
      options: { evaluations_semantic: "deny_on_first_deny" },
    },
    "POST /access/v1/search/subject": { ...question, ...page },
    "POST /access/v1/search/resource": { ...question, ...page },
    "POST /access/v1/search/action": { ...question, ...page },
    "POST /v1/authorize": {
      action: "pay",
      args: { to: "kim", amount: "1" },
      request_id: `r-${crypto.randomUUID()}`,
      resources: ["pay/kim"],
      intent: "it was asked for",
      confidence: 0.5,
      approval: sessions[0]?.approval ?? "",
    },
    "POST /v1/elevations": { role: "worker", ...reason },
    "POST /v1/outcomes": { decision_id: "dec_0", status: "ok", digest, labels: ["untrusted"] },
    "POST /v1/approvals/:id/decision": { decision: "approve", ...reason, request_digest: digest },
    "PUT /v1/switches/:scope/:name": reason,
    "DELETE /v1/switches/:scope/:name": reason,
    "PATCH /v1/sets/:name": { add: ["acme"], remove: ["blue"], ...reason },
    "DELETE /v1/sessions/:id/records/:seq/args": reason,
  };
}

interface Offices {
  readonly auditor: string;
  readonly operator: string;
  readonly approver: string;
}

async function readState(edge: EdgeUnderTest, sessions: readonly Opened[], who: Offices): Promise<string> {
  const read = async (path: string, token: string): Promise<string> => {
    const { status, text } = await readPatiently(edge, path, token);
    if (status !== 200) throw new Error(`the state can't be read: ${path} ${status} ${text}`);
    return `${path}\n${text}`;
  };
  const own = sessions.flatMap(({ id, token }) => [
    read("/v1/session", token),
    read(`/v1/sessions/${id}/records`, who.auditor),
  ]);
  const shared = [
    readSessions(edge, who.auditor),
    read("/v1/switches?history=true", who.operator),
    read("/v1/sets/vendors?history=true", who.operator),
    read("/v1/sets/blocked?history=true", who.operator),
    read("/v1/approvals?status=pending", who.approver),
  ];
  return (await Promise.all([...own, ...shared])).join("\n");
}

/** A session asks at most twenty times a second, and its state is read after every call. */
async function readPatiently(edge: EdgeUnderTest, path: string, token: string): Promise<Reply> {
  let reply = await edge.call(path, { token });
  const isTaken = async (): Promise<boolean> => {
    if (reply.status !== 429) return true;
    reply = await edge.call(path, { token });
    return reply.status !== 429;
  };
  await until("the session may be asked again", isTaken);
  return reply;
}

/** What is usual goes on being learned while nobody does anything. */
async function readSessions(edge: EdgeUnderTest, token: string): Promise<string> {
  const { status, text, body } = await edge.call("/v1/sessions", { token });
  if (status !== 200) throw new Error(`the sessions can't be read: ${status} ${text}`);
  return JSON.stringify(body["sessions"]);
}
