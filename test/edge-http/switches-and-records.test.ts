import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { verifyRecords } from "../../sdk/index.ts";
import { until } from "../harness/until.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;
let operator: string;
let auditor: string;
const log: string[] = [];

beforeAll(async () => {
  edge = await startTestEdge({ log: (line) => log.push(line) });
  operator = await edge.person("oda@corp.example");
  auditor = await edge.edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
});
afterAll(() => edge.edge.stop());

const read = { action: "files.read", args: { file: "a" } };
const flip = (target: string, method = "PUT", reason = "a test") =>
  edge.call(`/v1/switches/${target}`, { method, token: operator, body: { reason } });
const recordsOf = async (session: string, query = "") => {
  const reply = await edge.call(`/v1/sessions/${session}/records${query}`, { token: auditor });
  const lines = reply.text.split("\n").filter((line) => line !== "");
  return { ...reply, lines, records: lines.map((line) => JSON.parse(line) as { record: Record<string, unknown> }) };
};

/** The Workers' copy of the switches lags behind a lift. */
function openAgain(agent = "bot"): Promise<void> {
  return until("the lifted switch holds no more", async () => {
    const reply = await edge.call("/v1/sessions", { method: "POST", token: await edge.assertion(agent), body: {} });
    return reply.status === 201;
  });
}

describe("kill switches", () => {
  test("stop one agent at once, with its open sessions, while another goes on", async () => {
    const bot = await edge.open("bot");
    const helper = await edge.open("helper");
    expect((await edge.decide(bot.token, read)).decision).toBe("allow");
    const flipped = await flip("agent/bot");
    expect(flipped.status).toBe(202);
    expect(flipped.body).toMatchObject({ sessions_pending: 0, switch: { scope: "agent", name: "bot", lifted: null } });
    expect(flipped.body["sessions_reached"]).toBeGreaterThanOrEqual(1);
    expect(await edge.decide(bot.token, read)).toMatchObject({ decision: "deny" });
    expect(["killed", "frozen"]).toContain((await edge.decide(bot.token, read)).reason);
    expect((await edge.decide(helper.token, read)).decision).toBe("allow");
    const reopened = await edge.call("/v1/sessions", { method: "POST", token: await edge.assertion("bot"), body: {} });
    expect([reopened.status, reopened.body["reason"]]).toEqual([200, "killed"]);
    const listed = await edge.call("/v1/switches", { token: auditor });
    expect(listed.body["switches"]).toEqual([expect.objectContaining({ scope: "agent", name: "bot" })]);
    const lifted = await flip("agent/bot", "DELETE", "it was a test");
    expect(lifted.body).toMatchObject({ switch: { lifted: { reason: "it was a test" } } });
    expect((await edge.call("/v1/switches", { token: operator })).body["switches"]).toEqual([]);
    const history = await edge.call("/v1/switches/agent/bot", { token: operator });
    expect(history.body["switches"]).toHaveLength(1);
  });

  test("stop one session and leave the agent's others", async () => {
    const one = await edge.open("helper");
    const other = await edge.open("helper");
    expect((await flip(`session/${one.session.id}`)).body).toMatchObject({ sessions_reached: 1, sessions_pending: 0 });
    expect((await edge.decide(one.token, read)).decision).toBe("deny");
    expect((await edge.decide(other.token, read)).decision).toBe("allow");
  });

  test("the fleet's stops everybody", async () => {
    const one = await edge.open("helper");
    expect((await flip("fleet/*")).status).toBe(202);
    const denied = [await edge.decide(one.token, read)];
    // Once KV has it, the Worker refuses on its own: counted in the log, not recorded.
    await until("the Worker refuses", async () => {
      denied.push(await edge.decide(one.token, read));
      return log.some((line) => line.includes("shield_denied"));
    });
    expect(denied.every((answer) => answer.decision === "deny")).toBe(true);
    expect((await flip("fleet/all", "DELETE")).status).toBe(202);
    await openAgain();
  });

  test("a name that stops nobody is no success", async () => {
    expect((await flip("agent/bott")).status).toBe(404);
    expect((await flip("session/ses_x")).status).toBe(404);
    expect((await flip("breaker/worker")).status).toBe(404);
    const lifted = await flip("agent/bot", "DELETE");
    expect([lifted.status, lifted.body["detail"]]).toEqual([404, "no switch is flipped for agent `bot`"]);
  });
});

describe("the list of sessions", () => {
  const list = async (agent: string) => edge.call(`/v1/sessions?agent=${agent}`, { token: auditor });
  const status = async (agent: string, id: string) => {
    const { sessions } = (await list(agent)).body as { sessions: { id: string; status: string }[] };
    return sessions.find((session) => session.id === id)?.status;
  };

  test("says which are frozen, by whatever switch, and which have ended", async () => {
    const one = await edge.open("helper");
    const other = await edge.open("helper");
    await flip(`session/${one.session.id}`);
    expect(await status("helper", one.session.id)).toBe("frozen");
    expect(await status("helper", other.session.id)).toBe("open");
    await flip("agent/helper");
    expect(await status("helper", other.session.id)).toBe("frozen");
    await flip("agent/helper", "DELETE");
    expect(await status("helper", one.session.id)).toBe("frozen");
    expect(await status("helper", other.session.id)).toBe("open");
    await openAgain("helper");
    await edge.call("/v1/session", { method: "DELETE", token: other.token });
    await vi.waitFor(async () => expect(await status("helper", other.session.id)).toBe("ended"), { timeout: 25_000 });
  });

  test("of an agent that the policy doesn't have is no empty list", async () => {
    const reply = await list("nobody");
    expect(reply.status).toBe(404);
    expect(reply.body["detail"]).toContain("the policy has no agent `nobody`");
  });
});

describe("records", () => {
  test("hold every decision, denials too, in a chain that verifies", async () => {
    const { token, session } = await edge.open("helper");
    await edge.decide(token, read);
    await edge.decide(token, { action: "nothing.of.the.kind" });
    await edge.decide(token, { action: "pay", args: { to: "kim", amount: 1000 } });
    const { records, lines, headers } = await recordsOf(session.id);
    expect(headers.get("Content-Type")).toBe("application/x-ndjson");
    const reasons = records.flatMap(({ record }) => (record["kind"] === "decision" ? [record["reason"]] : []));
    expect(reasons).toEqual(["rule", "unknown_action", "no_rule"]);
    expect(await verifyRecords(lines)).toMatchObject({ ok: true, records: lines.length });
    const rest = await recordsOf(session.id, "?after=2");
    expect(rest.lines).toEqual(lines.slice(2));
    const listed = await edge.call("/v1/sessions?agent=helper", { token: auditor });
    expect(listed.body["sessions"]).toContainEqual(expect.objectContaining({ id: session.id, agent: "helper" }));
  });

  test("come whole when there are more than one page of them", async () => {
    const { token, session } = await edge.open("clerk", {
      requester_token: await edge.edge.requesterToken({ email: "kim@corp.example", agent: "clerk" }),
    });
    for (let left = 60; left > 0; left -= 20) {
      await Promise.all(Array.from({ length: 20 }, () => edge.decide(token, read)));
      // A session asks at most 20 times a second.
      const answered = Date.now();
      await until("it may ask again", () => Date.now() - answered > 1_000);
    }
    const { records } = await recordsOf(session.id);
    expect(records.map(({ record }) => record["seq"])).toEqual(records.map((_, at) => at + 1));
    expect(records.filter(({ record }) => record["kind"] === "decision")).toHaveLength(60);
  });

  test("lose their arguments on request and keep their chain", async () => {
    const { token, session } = await edge.open("helper");
    await edge.decide(token, { action: "note", args: { text: "born 1980-01-01" } });
    const before = await recordsOf(session.id);
    const found = before.records.find(({ record }) => record["action"] === "note");
    const seq = Number(found?.record["seq"]);
    expect(before.text).toContain("1980");
    const erased = await edge.call(`/v1/sessions/${session.id}/records/${seq}/args`, {
      method: "DELETE",
      token: auditor,
      body: { reason: "asked for by the person" },
    });
    expect([erased.status, erased.body]).toEqual([200, { erased: true }]);
    const after = await recordsOf(session.id);
    expect(after.text).not.toContain("1980");
    expect(after.text).toContain("asked for by the person");
    expect((await verifyRecords(after.lines)).ok).toBe(true);
  });

  test("of no session are 404", async () => {
    expect((await recordsOf("ses_x")).status).toBe(404);
    expect((await recordsOf(`ses_${"0".repeat(26)}`)).status).toBe(404);
  });
});
