import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;
let operator: string;

beforeAll(async () => {
  edge = await startTestEdge(
    {},
    {
      more: 'class risky\naction mixed(text: string(max 9)?)\n  is write, risky when args.text == "x"\n  on none\nrole spare { allow mixed }',
      rules: "  allow mixed",
    },
  );
  operator = await edge.person("oda@corp.example");
});
afterAll(() => edge.edge.stop());

const flip = (target: string, method = "PUT", reason = "a test") =>
  edge.call(`/v1/switches/${target}`, { method, token: operator, body: { reason } });

const read = { action: "files.read", args: { file: "a" } };
const pay = { action: "pay", args: { to: "kim", amount: 1 } };
const mixed = (text?: string) => ({ action: "mixed", args: text === undefined ? {} : { text } });

/** The Workers' copy of the switches lags behind a lift. */
function untilAllowed(token: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  const allowed = async () => (await edge.decide(token, body)).decision === "allow";
  return until("the lifted switch holds no more", allowed, { between: 200 });
}

describe("a kill switch for", () => {
  const cases = [
    { target: "role/worker", stopped: [read, pay], left: [] },
    { target: "action/pay", stopped: [pay], left: [read] },
    { target: "class/spend", stopped: [pay], left: [read] },
    { target: "class/risky", stopped: [mixed("x"), mixed()], left: [mixed("y"), read] },
    { target: "role/spare", stopped: [], left: [mixed("y"), read] },
  ];

  test.each(cases)("$target stops what it is about and no more, until it is lifted", async (one) => {
    const { token } = await edge.open("helper");
    const [scope, name] = one.target.split("/");
    const flipped = await flip(one.target);
    expect([flipped.status, flipped.body]).toMatchObject([202, { switch: { scope, name }, sessions_pending: 0 }]);
    expect(flipped.body["sessions_reached"]).toBeGreaterThanOrEqual(1);
    for (const body of one.stopped)
      expect(await edge.decide(token, body)).toMatchObject({ decision: "deny", reason: "killed" });
    for (const body of one.left) expect((await edge.decide(token, body)).decision).toBe("allow");
    const shown = await edge.call(`/v1/switches/${one.target}`, { token: operator });
    expect(shown.body["switches"]).toEqual([expect.objectContaining({ scope, name, lifted: null })]);
    expect((await flip(one.target, "DELETE", "it was one")).status).toBe(202);
    for (const body of one.stopped) await untilAllowed(token, body);
    const history = await edge.call("/v1/switches?history=true", { token: operator });
    expect(history.body["switches"]).toContainEqual(
      expect.objectContaining({ scope, name, lifted: expect.objectContaining({ reason: "it was one" }) }),
    );
    await edge.call("/v1/session", { method: "DELETE", token });
  });

  test("a requester stops what is done for that person, however it is written, and the list says so", async () => {
    const forPerson = async (email: string) =>
      edge.open("clerk", { requester_token: await edge.edge.requesterToken({ email, agent: "clerk" }) });
    const [kim, li] = [await forPerson("kim@corp.example"), await forPerson("li@corp.example")];
    const flipped = await flip("requester/Kim%40Corp.example");
    expect([flipped.status, flipped.body]).toMatchObject([202, { switch: { name: "kim@corp.example" } }]);
    expect(await edge.decide(kim.token, read)).toMatchObject({ decision: "deny", reason: "killed" });
    expect((await edge.decide(li.token, read)).decision).toBe("allow");
    const requester_token = await edge.edge.requesterToken({ email: "kim@corp.example", agent: "clerk" });
    const body = { requester_token };
    const opened = await edge.call("/v1/sessions", { method: "POST", token: await edge.assertion("clerk"), body });
    expect([opened.status, opened.body["reason"]]).toEqual([200, "killed"]);
    const auditor = await edge.edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
    const listed = await edge.call("/v1/sessions?agent=clerk", { token: auditor });
    const status = new Map(
      (listed.body["sessions"] as { id: string; status: string }[]).map((one) => [one.id, one.status]),
    );
    expect([status.get(kim.session.id), status.get(li.session.id)]).toEqual(["frozen", "open"]);
    expect((await flip("requester/kim@corp.example", "DELETE")).status).toBe(202);
    await untilAllowed(kim.token, read);
  });

  test("a requester without an address goes by the id, whatever stands in it", async () => {
    const name = "auth0|a/B%20:1";
    const flipped = await flip(`requester/${encodeURIComponent(name)}`);
    expect([flipped.status, flipped.body]).toMatchObject([202, { switch: { name: "auth0|a/b%20:1" } }]);
    expect((await flip(`requester/${encodeURIComponent(name)}`, "DELETE")).status).toBe(202);
  });

  test("opening stops new sessions and leaves the open ones", async () => {
    const { token } = await edge.open("bot");
    expect((await flip("action/session.open")).status).toBe(202);
    const again = await edge.call("/v1/sessions", { method: "POST", token: await edge.assertion("bot"), body: {} });
    expect([again.status, again.body["reason"]]).toEqual([200, "killed"]);
    expect((await edge.decide(token, read)).decision).toBe("allow");
    expect((await flip("action/session.open", "DELETE")).status).toBe(202);
  });
});

describe("a name that the policy hasn't got", () => {
  test.each([
    ["role/wroker", "the policy has no role of this name (it has `worker`, `spare`); nothing was stopped"],
    ["action/files.raed", "`files.read`"],
    ["action/files", "nothing was stopped"],
    ["class/spends", "`spend`"],
    ["role/__proto__", "nothing was stopped"],
  ])("%s is 404 and says what there is", async (target, says) => {
    const { status, body } = await flip(target);
    expect(status).toBe(404);
    expect(body["detail"]).toContain(says);
  });

  test("is told to operators only, and is no requester either where it isn't a name", async () => {
    const stranger = await edge.person("eve@corp.example");
    const body = { reason: "x" };
    const asked = await edge.call("/v1/switches/role/wroker", { method: "PUT", token: stranger, body });
    expect([asked.status, asked.text.includes("worker`")]).toEqual([403, false]);
    for (const name of ["%20", "a%0Ab", "%E2%80%8B", ` ${"x".repeat(1_100)}`])
      expect([400, 404], name).toContain((await flip(`requester/${name}`)).status);
    expect((await flip("scope/x")).body["detail"]).toContain("`requester`");
  });

  test("is lifted where a policy had it when it was killed, and not otherwise", async () => {
    const { status, body } = await flip("role/gone", "DELETE");
    expect([status, body["detail"]]).toEqual([404, "no switch is flipped for role `gone`"]);
  });
});
