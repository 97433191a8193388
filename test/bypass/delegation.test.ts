import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import type { AgentName } from "./policy.ts";
import { startTarget } from "./target.ts";
import type { Asker, Reply, Target } from "./target.ts";

let target: Target;
let operator: string;
beforeAll(async () => {
  target = await startTarget();
  operator = await target.person("oda@corp.com");
});
afterEach(() => target.closeSessions());
afterAll(() => target.stop());

async function delegate(above: Asker, agent: string): Promise<Reply> {
  return target.call("/v1/session/delegations", { method: "POST", token: above.token, body: { agent } });
}

async function ticketOf(above: Asker, agent: string): Promise<string> {
  const { status, body } = await delegate(above, agent);
  if (status !== 201) throw new Error(`no ticket: ${status} ${JSON.stringify(body)}`);
  return String(body["ticket"]);
}

async function redeem(agent: AgentName, body: { readonly [name: string]: unknown }): Promise<Reply> {
  return target.call("/v1/sessions", { method: "POST", token: await target.assertion(agent), body });
}

async function openBelow(above: Asker, agent: AgentName): Promise<Asker> {
  const { status, body } = await redeem(agent, { ticket: await ticketOf(above, agent) });
  if (status !== 201) throw new Error(`not opened: ${status} ${JSON.stringify(body)}`);
  const { token, session } = body as { token: string; session: { id: string } };
  return { token, id: session.id };
}

function flip(switched: string, method: "PUT" | "DELETE" = "PUT"): Promise<Reply> {
  return target.call(`/v1/switches/${switched}`, { method, token: operator, body: { reason: "a test" } });
}

/** The Workers' copy of the switches lags behind a lift. */
function untilAllowed(asker: Asker): Promise<void> {
  const allowed = async () => (await target.decide(asker, "notes.add", note)).decision === "allow";
  return until("the lifted switch holds no more", allowed, { between: 200 });
}

async function kindsOf(asker: Asker): Promise<readonly string[]> {
  const { text } = await target.call(`/v1/sessions/${asker.id}/records`, { token: operator });
  return text.split("\n").flatMap((line) => (line === "" ? [] : [(JSON.parse(line) as Line).record.kind]));
}

interface Line {
  readonly record: { readonly kind: string };
}

const note = { text: "x" };

describe("a session below another opens with a ticket and its own credential, and with nothing else", () => {
  test("the session's token of the one above opens nothing, as a credential or in a body", async () => {
    const boss = await target.open("boss");
    const ticket = await ticketOf(boss, "scribe");
    const withToken = { method: "POST", token: boss.token, body: { ticket } } as const;
    expect((await target.call("/v1/sessions", withToken)).status).toBe(401);
    expect((await redeem("scribe", { ticket: boss.token })).status).toBe(400);
    expect((await target.state(boss)).calls).toBe(0);
  });

  test("a ticket is used once, by the agent that it names", async () => {
    const boss = await target.open("boss");
    const ticket = await ticketOf(boss, "scribe");
    for (const thief of ["alpha", "typist", "boss"] as const)
      expect((await redeem(thief, { ticket })).status).toBe(403);
    expect((await redeem("scribe", { ticket })).status).toBe(201);
    expect((await redeem("scribe", { ticket })).status).toBe(403);
    expect((await kindsOf(boss)).filter((kind) => kind === "session.opened")).toHaveLength(2);
  });

  test("a ticket that was made up, or leads to a session that never was, opens nothing", async () => {
    const boss = await target.open("boss");
    const ticket = await ticketOf(boss, "scribe");
    const other = ticket.endsWith("0") ? "1" : "0";
    expect((await redeem("scribe", { ticket: ticket.slice(0, -1) + other })).status).toBe(403);
    expect((await redeem("scribe", { ticket: `tkt_${"0".repeat(52)}` })).status).toBe(403);
    for (const made of [ticket.toUpperCase(), ` ${ticket}`, boss.id, `${boss.id}.1`, "tkt_"])
      expect((await redeem("scribe", { ticket: made })).status).toBe(400);
  });

  test("nobody brings a task or a requester along", async () => {
    const boss = await target.open("boss");
    const ticket = await ticketOf(boss, "scribe");
    const requester_token = await target.requester("kim@corp.com", "scribe");
    for (const surplus of [{ task: "reply to eve@evil.io" }, { requester_token }])
      expect((await redeem("scribe", { ticket, ...surplus })).status).toBe(400);
    const opened = await redeem("scribe", { ticket });
    expect(opened.status).toBe(201);
    expect((await target.state({ token: String(opened.body["token"]), id: "" })).requester).toBeNull();
  });

  test("only who may be called gets a ticket, and each agent once in a chain", async () => {
    const boss = await target.open("boss");
    for (const agent of ["typist", "alpha", "ghost", "boss"]) expect((await delegate(boss, agent)).status).toBe(403);
    const typist = await openBelow(await openBelow(boss, "scribe"), "typist");
    expect((await delegate(typist, "scribe")).status).toBe(409);
    const closed = await target.open("scribe");
    await target.call("/v1/session", { method: "DELETE", token: closed.token });
    expect((await delegate(closed, "typist")).body).toMatchObject({ decision: "deny", reason: "session_expired" });
  });

  test("a token below is renewed by its own agent alone", async () => {
    const boss = await target.open("boss");
    const scribe = await openBelow(boss, "scribe");
    const renew = async (agent: AgentName, of: Asker): Promise<Reply> =>
      target.call("/v1/session/token", {
        method: "POST",
        token: await target.assertion(agent),
        headers: { "session-token": of.token },
      });
    expect((await renew("boss", scribe)).status).toBe(403);
    expect((await renew("scribe", boss)).status).toBe(403);
    const renewed = await renew("scribe", scribe);
    expect(renewed.status).toBe(200);
    const again = { ...scribe, token: String(renewed.body["token"]) };
    expect(await target.decide(again, "notes.add", note)).toMatchObject({ decision: "allow" });
  });
});

describe("the strictest of the chain decides", () => {
  test("what only the one above may do is not granted below, and the other way round", async () => {
    const boss = await target.open("boss");
    const scribe = await openBelow(boss, "scribe");
    const pay = { to: "kim", amount: "500", currency: "EUR" };
    expect(await target.decide(scribe, "pay.transfer", pay)).toMatchObject({
      decision: "deny",
      reason: "not_delegated",
    });
    expect(await target.decide(boss, "notes.add", note)).toMatchObject({ decision: "deny", reason: "no_rule" });
    expect(await target.decide(scribe, "crm.read", { id: "c-1" })).toMatchObject({ reason: "not_delegated" });
    expect(await target.decide(scribe, "notes.add", note)).toMatchObject({ decision: "allow" });
    const secret = { text: "the secret plan" };
    expect(await target.decide(scribe, "notes.add", secret)).toMatchObject({ decision: "deny", reason: "rule" });
    const alone = await target.open("scribe");
    expect(await target.decide(alone, "notes.add", secret)).toMatchObject({ decision: "allow" });
    expect((await target.state(boss)).calls).toBe(1);
  });

  test("in a longer chain everyone has to list it", async () => {
    const boss = await target.open("boss");
    const typist = await openBelow(await openBelow(boss, "scribe"), "typist");
    expect(await target.decide(typist, "notes.add", note)).toMatchObject({ decision: "allow" });
    expect(await target.decide(typist, "files.read", { file: "a" })).toMatchObject({ reason: "not_delegated" });
  });

  test("limits of the one above are paid below, also by several sessions", async () => {
    const one = await openBelow(await target.open("boss"), "scribe");
    const other = await openBelow(await target.open("boss"), "scribe");
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => target.decide(at % 2 === 0 ? one : other, "shared.add", note)),
    );
    expect(answers.filter(({ decision }) => decision === "allow")).toHaveLength(2);
    for (const answer of answers)
      if (answer.decision === "deny") expect(["limit_exceeded", "overloaded"]).toContain(answer.reason);
  });

  test("a label that came below stays above", async () => {
    const boss = await target.open("boss");
    const scribe = await openBelow(boss, "scribe");
    await target.decide(scribe, "web.fetch", { url: "https://corp.com/" });
    expect((await target.state(boss)).labels).toEqual(["untrusted"]);
    await target.call("/v1/session", { method: "DELETE", token: scribe.token });
    expect((await target.state(boss)).labels).toEqual(["untrusted"]);
    const next = await openBelow(boss, "scribe");
    expect((await target.state(next)).labels).toEqual(["untrusted"]);
  });

  test("limits of the session count once for the tree: another session below is no fresh budget", async () => {
    const boss = await target.open("boss");
    const allowed: string[] = [];
    for (const scribe of [await openBelow(boss, "scribe"), await openBelow(boss, "scribe")])
      for (let call = 0; call < 6; call += 1) allowed.push((await target.decide(scribe, "notes.add", note)).decision);
    expect(allowed.filter((decision) => decision === "allow")).toHaveLength(10);
  });

  test("a task that the model above wrote satisfies nothing below", async () => {
    const boss = await target.open("boss", { task: "reply to bob@corp.com" });
    const scribe = await openBelow(boss, "scribe");
    const answer = await target.decide(scribe, "mail.reply", { to: "bob@corp.com" });
    expect(answer).toMatchObject({ decision: "deny", reason: "unknown_fact", unknown: ["task"] });
  });
});

describe("approvals below", () => {
  test("serve the session that asked, and no other of its tree", async () => {
    const boss = await target.open("boss");
    const [scribe, sibling] = [await openBelow(boss, "scribe"), await openBelow(boss, "scribe")];
    const asked = await target.decide(scribe, "desk.act", note);
    const path = `/v1/approvals/${asked.approval?.id}`;
    for (const other of [boss, sibling]) {
      expect((await target.call(path, { token: other.token })).status).toBe(404);
      expect((await target.call(path, { method: "DELETE", token: other.token })).status).toBe(404);
    }
    const lea = await target.person("lea@corp.com");
    expect((await target.call(path, { token: lea })).body).toMatchObject({ agent: "scribe", callers: ["boss"] });
    const body = { decision: "approve", request_digest: asked.request_digest };
    expect((await target.call(`${path}/decision`, { method: "POST", token: lea, body })).status).toBe(200);
    const use = { approval: asked.approval?.id };
    expect(await target.decide(sibling, "desk.act", note, use)).toMatchObject({ reason: "approval_mismatch" });
    expect(await target.decide(scribe, "desk.act", note, use)).toMatchObject({ decision: "allow" });
    expect(await target.decide(scribe, "desk.act", note, use)).toMatchObject({ reason: "approval_used" });
  });
});

describe("a kill while sessions below are open", () => {
  test("of one session: its subtree is frozen; of the root: the whole tree", async () => {
    const boss = await target.open("boss");
    const [scribe, sibling] = [await openBelow(boss, "scribe"), await openBelow(boss, "scribe")];
    const typist = await openBelow(scribe, "typist");
    expect((await flip(`session/${scribe.id}`)).body).toMatchObject({ sessions_reached: 1, sessions_pending: 0 });
    for (const asker of [scribe, typist])
      expect(await target.decide(asker, "notes.add", note)).toMatchObject({ decision: "deny", reason: "frozen" });
    expect(await target.decide(sibling, "notes.add", note)).toMatchObject({ decision: "allow" });
    expect((await flip(`session/${boss.id}`)).body).toMatchObject({ sessions_reached: 1, sessions_pending: 0 });
    expect(await target.decide(sibling, "notes.add", note)).toMatchObject({ decision: "deny", reason: "frozen" });
    expect((await delegate(sibling, "typist")).body).toMatchObject({ decision: "deny", reason: "frozen" });
    const { body } = await target.call("/v1/sessions", { token: operator });
    const listed = body["sessions"] as { id: string; root: string; status: string }[];
    const tree = listed.filter(({ root }) => root === boss.id);
    expect(tree.map(({ status }) => status)).toEqual(["frozen", "frozen", "frozen", "frozen"]);
  });

  test("closing the one above ends all below it", async () => {
    const boss = await target.open("boss");
    const scribe = await openBelow(boss, "scribe");
    const asked = await target.decide(scribe, "desk.act", note);
    await target.call("/v1/session", { method: "DELETE", token: boss.token });
    expect(await target.decide(scribe, "notes.add", note)).toMatchObject({
      decision: "deny",
      reason: "session_expired",
    });
    expect((await target.call(`/v1/approvals/${asked.approval?.id}`, { token: scribe.token })).body).toMatchObject({
      status: "cancelled",
    });
    expect((await kindsOf(scribe)).filter((kind) => kind === "session.closed")).toHaveLength(2);
  });

  test("of an agent below: it and what is below it stop, what is above goes on", async () => {
    const boss = await target.open("boss");
    const envoy = await openBelow(boss, "envoy");
    const typist = await openBelow(envoy, "typist");
    expect((await flip("agent/envoy")).body).toMatchObject({ sessions_pending: 0 });
    for (const asker of [envoy, typist])
      expect(await target.decide(asker, "notes.add", note)).toMatchObject({ decision: "deny", reason: "killed" });
    const paid = await target.decide(boss, "pay.transfer", { to: "kim", amount: "1", currency: "EUR" });
    expect([paid.decision, paid.reason, paid.message]).toEqual(["allow", "rule", expect.any(String)]);
  });

  test("of the agent above: nothing is admitted below, approvals are cancelled, no ticket opens any more", async () => {
    const boss = await target.open("boss");
    const scribe = await openBelow(boss, "scribe");
    const typist = await openBelow(scribe, "typist");
    const asked = await target.decide(scribe, "desk.act", note);
    const ticket = await ticketOf(boss, "scribe");
    const { status, body } = await flip("agent/boss");
    expect(status).toBe(202);
    expect(body["sessions_pending"]).toBe(0);
    for (const asker of [boss, scribe, typist])
      expect(await target.decide(asker, "notes.add", note)).toMatchObject({ decision: "deny", reason: "killed" });
    expect((await target.call(`/v1/approvals/${asked.approval?.id}`, { token: scribe.token })).body).toMatchObject({
      status: "cancelled",
    });
    expect((await redeem("scribe", { ticket })).body).toMatchObject({ decision: "deny", reason: "killed" });
    expect((await delegate(scribe, "typist")).body).toMatchObject({ decision: "deny", reason: "killed" });
    expect((await target.state(typist)).calls).toBe(0);
    await flip("agent/boss", "DELETE");
    await untilAllowed(scribe);
  });
});

test("closing a session below makes no room to ask people again and again with the next ticket", async () => {
  const boss = await target.open("boss");
  const first = await openBelow(boss, "scribe");
  for (const text of ["1", "2", "3"])
    expect(await target.decide(first, "desk.act", { text })).toMatchObject({ decision: "ask" });
  await target.call("/v1/session", { method: "DELETE", token: first.token });
  const second = await openBelow(boss, "scribe");
  expect(await target.decide(second, "desk.act", { text: "4" })).toMatchObject({
    decision: "deny",
    reason: "approval_backlog",
  });
});

test("what a person denied below stays denied in any other session of that agent in the tree", async () => {
  const lead = await target.person("lea@corp.com");
  const boss = await target.open("boss");
  const first = await openBelow(boss, "scribe");
  const act = (asker: Asker, text = "buy it") => target.decide(asker, "desk.act", { text });
  const { approval } = await act(first);
  const shown = await target.call(`/v1/approvals/${approval?.id}`, { token: lead });
  const body = { decision: "deny", reason: "no", request_digest: shown.body["request_digest"] };
  const path = `/v1/approvals/${approval?.id}/decision`;
  expect(await target.call(path, { method: "POST", token: lead, body })).toMatchObject({ status: 200 });
  await target.call("/v1/session", { method: "DELETE", token: first.token });
  const second = await openBelow(boss, "scribe");
  const again = await act(second);
  expect(again).toMatchObject({ decision: "deny", reason: "approval_denied" });
  expect(again).not.toHaveProperty("approval");
  expect(await act(second, "buy another")).toMatchObject({ decision: "ask" });
});
