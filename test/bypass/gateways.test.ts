/** "Who is asking", where a gateway asks for agents: each way around, and that it opened and decided nothing. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateways, WIRE } from "../edge-http/gateway-under-test.ts";
import type { Gateways } from "../edge-http/gateway-under-test.ts";
import { personOfCorp, requesterOfCorp } from "../edge-http/tokens-of-corp.ts";
import type { Reply } from "../harness/http-call.ts";

let gateways: Gateways;
beforeAll(async () => {
  gateways = await startGateways();
});
afterAll(() => gateways.stop());

const call: Gateways["production"]["call"] = (path, what) => gateways.production.call(path, what);
const open = (token: string | null, body: unknown, headers = {}): Promise<Reply> =>
  call("/v1/sessions", { method: "POST", token, body, headers });
const cf = { "MF-CF-Blob": JSON.stringify({ tlsClientAuth: certificate("SUCCESS") }) };

function certificate(certVerified: string): object {
  return { certVerified, certRevoked: "0", certFingerprintSHA256: WIRE };
}

async function expectNothing(reply: Promise<Reply>, status: number): Promise<void> {
  const { status: found, body } = await reply;
  expect(found).toBe(status);
  expect(body).not.toHaveProperty("token");
}

describe("a gateway asks for the agents that the policy names behind its `for`, and for no others", () => {
  test.each(["alone", "tools", "ghost", "BOT", "bot ", "__proto__"])("%j", async (agent) => {
    await expectNothing(gateways.openFor(agent), 403);
  });

  test("it has to name one", async () => {
    await expectNothing(
      gateways.assertion("tools").then((token) => open(token, {})),
      400,
    );
    await expectNothing(
      gateways.assertion("tools").then((token) => open(token, { agent: ["bot"] })),
      400,
    );
  });

  test("an agent names none, not even itself", async () => {
    for (const agent of ["bot", "helper"])
      await expectNothing(
        gateways.assertion("bot").then((token) => open(token, { agent })),
        400,
      );
  });

  test("its sessions decide nothing once the policy takes the agent or the gateway away", async () => {
    const token = await gateways.session("helper");
    const asked = { action: "note", args: { text: "x" } };
    await gateways.production.reloadTable(
      gateways.table((policy) => policy.replace("for      bot, helper", "for bot")),
    );
    expect((await gateways.ask(token, asked)).status).toBe(403);
    const without = (policy: string) => policy.replace(/gateway tools \{[^}]*\}/, "");
    await gateways.production.reloadTable(gateways.table(without));
    expect((await gateways.ask(token, asked)).status).toBe(401);
    await gateways.production.reloadTable(gateways.table());
    expect((await gateways.ask(token, asked)).body).toMatchObject({ decision: "allow" });
    expect((await call("/v1/session", { token })).body).toMatchObject({ calls: 1 });
  });
});

/** Lets each agent call the next one. */
function calling(...agents: readonly string[]): (policy: string) => string {
  const pairs = agents.slice(1).map((to, at) => [agents[at], to] as const);
  return (policy) =>
    pairs.reduce((text, [from, to]) => {
      const rolesOf = new RegExp(`(agent ${from} \\{[^}]*?roles   worker\n)`);
      return text.replace(rolesOf, `$1  may call ${to} for note\n`);
    }, policy);
}

async function ticketFrom(token: string, agent: string): Promise<string> {
  const reply = await call("/v1/session/delegations", { method: "POST", token, body: { agent } });
  expect(reply.status).toBe(201);
  return String(reply.body["ticket"]);
}

describe("what was opened below a gateway's session ends once the policy takes the agent or the gateway away", () => {
  const note = { action: "note", args: { text: "x" } };
  const losses = [
    ["for      bot, helper", "for helper", 403],
    [/gateway tools \{[^}]*\}/, "", 401],
  ] as const;

  test("where that session is the root", async () => {
    const calls = calling("bot", "alone");
    await gateways.production.reloadTable(gateways.table(calls));
    const root = await gateways.session("bot");
    const unused = await ticketFrom(root, "alone");
    const opened = await open(await gateways.assertion("alone"), { ticket: await ticketFrom(root, "alone") });
    const below = String(opened.body["token"]);
    expect((await gateways.ask(below, note)).body).toMatchObject({ decision: "allow" });
    for (const [from, to, status] of losses) {
      await gateways.production.reloadTable(gateways.table((policy) => calls(policy).replace(from, to)));
      expect((await gateways.ask(below, note)).status).toBe(status);
      const headers = { "session-token": below };
      const renewed = call("/v1/session/token", { method: "POST", token: await gateways.assertion("alone"), headers });
      await expectNothing(renewed, status);
      await expectNothing(open(await gateways.assertion("alone"), { ticket: unused }), status);
    }
    await gateways.production.reloadTable(gateways.table());
    await call("/v1/session", { method: "DELETE", token: root });
  });

  test("where that session stands in the middle of a chain, and what stands above it goes on", async () => {
    const calls = calling("alone", "bot", "twin");
    await gateways.production.reloadTable(gateways.table(calls));
    const root = String((await open(await gateways.assertion("alone"), {})).body["token"]);
    const middle = await gateways.session("bot", { ticket: await ticketFrom(root, "bot") });
    const unused = await ticketFrom(middle, "twin");
    const opened = await open(await gateways.assertion("twin"), { ticket: await ticketFrom(middle, "twin") });
    const below = String(opened.body["token"]);
    expect((await gateways.ask(below, note)).body).toMatchObject({ decision: "allow" });
    for (const [from, to, status] of losses) {
      await gateways.production.reloadTable(gateways.table((policy) => calls(policy).replace(from, to)));
      expect((await gateways.ask(below, note)).status).toBe(status);
      await expectNothing(open(await gateways.assertion("twin"), { ticket: unused }), status);
      expect((await gateways.ask(root, note)).body).toMatchObject({ decision: "allow" });
    }
    await gateways.production.reloadTable(gateways.table());
    await call("/v1/session", { method: "DELETE", token: root });
  });
});

describe("a gateway's credential is used once", () => {
  test("for one session of one agent", async () => {
    const token = await gateways.assertion("tools");
    expect((await open(token, { agent: "bot" })).status).toBe(201);
    await expectNothing(open(token, { agent: "helper" }), 401);
    await expectNothing(call("/v1/gateway/token", { method: "POST", token }), 401);
  });

  test("for one gateway token", async () => {
    const token = await gateways.assertion("tools");
    expect((await call("/v1/gateway/token", { method: "POST", token })).status).toBe(200);
    await expectNothing(call("/v1/gateway/token", { method: "POST", token }), 401);
    await expectNothing(open(token, { agent: "bot" }), 401);
  });
});

describe("a gateway and an agent of one name are two", () => {
  test("the agent's assertion opens no session for others, and the gateway's none for the agent itself", async () => {
    await expectNothing(
      gateways.assertion("twin").then((token) => open(token, { agent: "bot" })),
      400,
    );
    await expectNothing(
      gateways.assertion("gateway twin").then((token) => open(token, {})),
      400,
    );
    const [own, other] = await Promise.all([gateways.assertion("twin"), gateways.assertion("gateway twin")]);
    expect((await open(own, {})).body["session"]).toMatchObject({ agent: "twin" });
    expect((await open(other, { agent: "bot" })).body["session"]).toMatchObject({ agent: "bot" });
  });

  test("the gateway's certificate beside an agent's assertion is neither", async () => {
    await expectNothing(
      gateways.assertion("helper").then((token) => open(token, { agent: "helper" }, cf)),
      401,
    );
    await expectNothing(
      gateways.assertion("helper").then((token) => open(token, {}, cf)),
      401,
    );
  });

  test("the agent renews no session that its gateway opened, nor the gateway one of the agent's, nor another gateway's", async () => {
    const renew = async (session: string, credential: string) =>
      call("/v1/session/token", { method: "POST", token: credential, headers: { "Session-Token": session } });
    const its = await gateways.session("bot");
    const own = String((await open(await gateways.assertion("bot"), {})).body["token"]);
    await expectNothing(renew(its, await gateways.assertion("bot")), 403);
    await expectNothing(renew(own, await gateways.assertion("tools")), 403);
    await expectNothing(renew(its, await gateways.assertion("gateway twin")), 403);
  });
});

describe("a gateway token is taken for no other, and no other for it", () => {
  test("at every call of agents, sessions and people", async () => {
    const token = await gateways.token();
    const calls = [
      call("/v1/sessions", { method: "POST", token, body: { agent: "bot" } }),
      call("/v1/gateway/token", { method: "POST", token }),
      call("/v1/session", { token }),
      call("/v1/session", { method: "DELETE", token }),
      gateways.ask(token, { action: "note", args: { text: "x" } }),
      call("/v1/switches", { token }),
      call("/v1/switches/fleet/*", { method: "PUT", token, body: { reason: "x" } }),
      call("/v1/sessions", { token }),
      call("/v1/policy", { token }),
      call("/v1/approvals?status=pending", { token }),
      call("/v1/sets", { token }),
    ];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(calls.map(() => 401));
  });

  test("as the old token of a renewal, or in a body", async () => {
    const token = await gateways.token();
    const headers = { "Session-Token": token };
    const renewal = call("/v1/session/token", { method: "POST", token: await gateways.assertion("tools"), headers });
    await expectNothing(renewal, 401);
    await expectNothing(gateways.openFor("bot", { requester_token: token }), 400);
    const session = await gateways.session("bot");
    expect((await gateways.ask(session, { action: "note", args: { text: `see ${token}` } })).status).toBe(400);
  });

  test("a requester's, a person's, an agent's, a session's token gets no gateway token", async () => {
    const tokens = await Promise.all([
      personOfCorp(gateways.corp),
      requesterOfCorp(gateways.corp, "tools"),
      gateways.assertion("bot"),
      gateways.session("bot"),
    ]);
    for (const token of tokens) await expectNothing(call("/v1/gateway/token", { method: "POST", token }), 401);
  });
});

test("no token but a gateway's is good for AuthZEN, whoever it is of", async () => {
  const tokens = await Promise.all([
    gateways.assertion("tools"),
    gateways.assertion("bot"),
    gateways.session("bot"),
    personOfCorp(gateways.corp),
    requesterOfCorp(gateways.corp, "bot"),
  ]);
  const body = {
    subject: { type: "agent", id: "bot" },
    action: { name: "note" },
    resource: { type: "tool", id: "note" },
  };
  for (const token of tokens) {
    const reply = await call("/access/v1/evaluation", { method: "POST", token, body });
    expect(reply.status).toBe(401);
  }
  const properties = { text: "x" };
  const asked = { ...body, action: { name: "note", properties } };
  const good = await call("/access/v1/evaluation", { method: "POST", token: await gateways.token(), body: asked });
  expect(good.body).toMatchObject({ decision: true });
});

test("a gateway follows what it asked itself, and what nobody else asked or withdraws", async () => {
  const asked = async (token: string): Promise<string> => {
    const { body } = await gateways.ask(token, { action: "files.write", args: { file: "a", text: "x" } });
    return (body["approval"] as { id: string }).id;
  };
  const other = await call("/v1/gateway/token", { method: "POST", token: await gateways.assertion("gateway twin") });
  const [token, twin] = [await gateways.token(), String(other.body["token"])];
  const its = await asked(await gateways.session("bot"));
  const own = await asked(String((await open(await gateways.assertion("bot"), {})).body["token"]));
  const status = async (id: string, by: string, method = "GET") =>
    (await call(`/v1/approvals/${id}`, { method, token: by })).status;
  expect([await status(its, token), await status(its, twin), await status(own, token)]).toEqual([200, 404, 404]);
  expect([await status(its, token, "DELETE"), await status("apr_x", token)]).toEqual([401, 404]);
  const decide = { method: "POST", token, body: { decision: "approve", request_digest: `sha256:${"0".repeat(64)}` } };
  expect((await call(`/v1/approvals/${its}/decision`, decide)).status).toBe(401);
  await gateways.production.reloadTable(
    gateways.table((policy) => policy.replace("for      bot, helper", "for helper")),
  );
  expect(await status(its, token)).toBe(404);
  await gateways.production.reloadTable(gateways.table());
});

test("an agent's own session states no tool's hash, so that it can't vouch for what it doesn't see", async () => {
  const own = String((await open(await gateways.assertion("helper"), {})).body["token"]);
  const asked = { action: "crm.find_contact", args: { name: "kim" }, tool_sha256: gateways.tool };
  expect((await gateways.ask(own, asked)).status).toBe(400);
  expect((await call("/v1/session", { token: own })).body).toMatchObject({ calls: 0 });
});

test("a killed agent is killed for its gateways too", async () => {
  const person = await personOfCorp(gateways.corp);
  const token = await gateways.session("helper");
  const flip = { method: "PUT", token: person, body: { reason: "x" } };
  expect((await call("/v1/switches/agent/helper", flip)).status).toBe(202);
  expect((await gateways.ask(token, { action: "note", args: { text: "x" } })).body).toMatchObject({ reason: "killed" });
  expect((await gateways.openFor("helper")).body).toMatchObject({ decision: "deny", reason: "killed" });
  await call("/v1/switches/agent/helper", { method: "DELETE", token: person, body: { reason: "y" } });
});
