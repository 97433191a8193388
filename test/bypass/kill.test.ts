import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AuthorizeResponse } from "../../sdk/index.ts";
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

const read = { file: "a" };

function flip(switched: string, method: "PUT" | "DELETE" = "PUT", token = operator, reason = "a test"): Promise<Reply> {
  return target.call(`/v1/switches/${switched}`, { method, token, body: { reason } });
}

async function tryToOpen(agent: AgentName): Promise<Reply> {
  return target.call("/v1/sessions", { method: "POST", token: await target.assertion(agent), body: {} });
}

interface Line {
  readonly record: { readonly kind: string; readonly decision?: string; readonly reason?: string };
}

async function recordsOf(asker: Asker): Promise<readonly Line["record"][]> {
  const { text } = await target.call(`/v1/sessions/${asker.id}/records`, { token: operator });
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => (JSON.parse(line) as Line).record);
}

/** The Workers' copy of the switches lags behind a lift. */
function untilItOpens(agent: AgentName): Promise<void> {
  return until("the lifted switch holds no more", async () => (await tryToOpen(agent)).status === 201);
}

describe("after the acknowledgement", () => {
  test("nothing is admitted in any session, whatever was in flight", async () => {
    const askers = [await target.open("alpha"), await target.open("alpha"), await target.open("alpha")];
    let acknowledged = Number.POSITIVE_INFINITY;
    const early = new Set<Asker>();
    const late: string[] = [];
    const hammer = async (asker: Asker): Promise<void> => {
      for (let after = 0; after < 3; ) {
        const sent = performance.now();
        const answers = await Promise.all([0, 1].map(() => target.decide(asker, "files.read", read)));
        if (answers.some(({ decision }) => decision === "allow")) early.add(asker);
        if (sent > acknowledged) {
          late.push(...answers.map(({ decision, reason }) => `${decision} ${reason}`));
          after += 1;
        }
      }
    };
    const traffic = askers.map(hammer);
    await until("each was admitted", () => early.size === askers.length);
    const { status, body } = await flip("agent/alpha");
    acknowledged = performance.now();
    expect(status).toBe(202);
    expect(body["sessions_pending"]).toBe(0);
    expect(body["sessions_reached"]).toBeGreaterThanOrEqual(3);
    await Promise.all(traffic);
    expect(late).toHaveLength(18);
    expect(new Set(late)).toEqual(new Set(["deny killed"]));
    for (const asker of askers) {
      const records = await recordsOf(asker);
      const frozen = records.findIndex(({ kind }) => kind === "session.frozen");
      expect(frozen).toBeGreaterThan(0);
      expect(records.slice(frozen).some(({ decision }) => decision === "allow")).toBe(false);
      const admitted = records.filter(({ decision }) => decision === "allow").length;
      expect((await target.state(asker)).calls).toBe(admitted);
    }
  });

  test("no new session opens, no token is renewed, and no stored answer comes back", async () => {
    const asker = await target.open("beta");
    const body = { action: "files.read", args: read, request_id: "before-the-kill" };
    const send = () => target.call("/v1/authorize", { method: "POST", token: asker.token, body });
    expect((await send()).body).toMatchObject({ decision: "allow" });
    await flip("agent/beta");
    expect((await tryToOpen("beta")).body).toMatchObject({ decision: "deny", reason: "killed" });
    const headers = { "session-token": asker.token };
    const token = await target.assertion("beta");
    const renewed = await target.call("/v1/session/token", { method: "POST", token, headers });
    expect(renewed.body).toMatchObject({ decision: "deny", reason: "killed" });
    expect(renewed.body).not.toHaveProperty("token");
    const again = await send();
    expect(again.body).toMatchObject({ decision: "deny", reason: "killed" });
    expect(again.body).not.toHaveProperty("permit");
    expect((await target.state(asker)).calls).toBe(1);
  });

  test("pending approvals are cancelled, and stay so after the lift", async () => {
    const asker = await target.open("gamma");
    const asked = await target.decide(asker, "desk.act", { text: "x" });
    await flip("agent/gamma");
    const path = `/v1/approvals/${asked.approval?.id}`;
    expect((await target.call(path, { token: asker.token })).body["status"]).toBe("cancelled");
    const vote = { decision: "approve", request_digest: asked.request_digest };
    const lea = await target.person("lea@corp.com");
    expect((await target.call(`${path}/decision`, { method: "POST", token: lea, body: vote })).status).toBe(409);
    await flip("agent/gamma", "DELETE");
    await untilItOpens("gamma");
    const used = await target.decide(asker, "desk.act", { text: "x" }, { approval: asked.approval?.id });
    expect(used).toMatchObject({ decision: "deny", reason: "approval_expired" });
    expect((await target.state(asker)).calls).toBe(0);
  });

  test("a restart in the middle changes nothing, and other agents go on", async () => {
    const [killed, other] = [await target.open("delta"), await target.open("payer")];
    await flip("agent/delta");
    await target.reload((policy) => policy.replace("every agent {", "every agent {\n  never admin"));
    const answer: AuthorizeResponse = await target.decide(killed, "files.read", read);
    expect(answer).toMatchObject({ decision: "deny", reason: "killed" });
    expect((await tryToOpen("delta")).body).toMatchObject({ reason: "killed" });
    expect((await target.decide(other, "files.read", read)).decision).toBe("allow");
    expect((await target.state(killed)).calls).toBe(0);
    await target.reload();
  });

  test("closing the session or opening another doesn't shake a session's switch off", async () => {
    const asker = await target.open("payer");
    expect((await flip(`session/${asker.id}`)).body).toMatchObject({ sessions_reached: 1 });
    await target.call("/v1/session", { method: "DELETE", token: asker.token });
    expect((await target.decide(asker, "files.read", read)).decision).toBe("deny");
    expect((await target.state(asker)).calls).toBe(0);
  });
});

describe("killing a role", () => {
  test("makes its agents no freer: its `never`s and questions stay, and a copy of its rules doesn't bring them back", async () => {
    const other = (policy: string) =>
      `${policy.replaceAll("roles    worker", "roles    worker, spare")}\nrole spare { allow chat.say allow crm.read allow pay.transfer }\n`;
    await target.reload(other);
    const asker = await target.open("payer");
    const secret = { text: "my key is AKIAIOSFODNN7EXAMPLE, and the card 4111 1111 1111 1111" };
    expect((await flip("role/worker")).body).toMatchObject({ sessions_pending: 0 });
    expect(await target.decide(asker, "chat.say", secret)).toMatchObject({ decision: "deny", reason: "rule" });
    expect((await target.decide(asker, "chat.say", { text: "hello" })).decision).toBe("allow");
    expect(await target.decide(asker, "files.read", read)).toMatchObject({ decision: "deny", reason: "killed" });
    const much = { to: "kim", amount: "300", currency: "EUR" };
    const over = await target.decide(asker, "pay.transfer", much);
    expect(over).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
    const asked = await target.decide(asker, "pay.transfer", { ...much, amount: "150" });
    expect(asked.decision).toBe("ask");
    expect((await target.state(asker)).calls).toBe(1);
    await flip("role/worker", "DELETE");
    await target.reload();
  });

  test("cancels what was asked on its word, and leaves nothing of it in a new session", async () => {
    const asker = await target.open("gamma");
    const asked = await target.decide(asker, "desk.act", { text: "x" });
    await flip("role/worker");
    const path = `/v1/approvals/${asked.approval?.id}`;
    expect((await target.call(path, { token: asker.token })).body["status"]).toBe("cancelled");
    const later = await target.open("gamma");
    for (const session of [asker, later])
      for (const approval of [undefined, asked.approval?.id])
        expect(
          await target.decide(session, "desk.act", { text: "x" }, approval === undefined ? {} : { approval }),
        ).toMatchObject({
          decision: "deny",
          reason: "killed",
        });
    expect((await target.state(later)).calls).toBe(0);
    await flip("role/worker", "DELETE");
  });
});

describe("killing a class", () => {
  test("isn't got around by arguments that leave the class open", async () => {
    const asker = await target.open("payer");
    await target.reload((policy) => policy.replace("never  delete", ""));
    await flip("class/delete");
    const write = (mode?: string) =>
      target.decide(asker, "files.write", { file: "public/a", text: "x", ...(mode === undefined ? {} : { mode }) });
    for (const mode of ["replace", undefined])
      expect(await write(mode), mode).toMatchObject({ decision: "deny", reason: "killed" });
    expect((await write("add")).decision).toBe("allow");
    expect((await target.state(asker)).calls).toBe(1);
    await flip("class/delete", "DELETE");
    await target.reload();
  });
});

describe("lifting", () => {
  test("takes the right and a reason, and the history keeps both", async () => {
    expect((await flip("agent/clerk", "PUT", operator, "looked wrong")).status).toBe(202);
    for (const person of ["lea@corp.com", "eve@corp.com"])
      expect((await flip("agent/clerk", "DELETE", await target.person(person))).status).toBe(403);
    for (const body of [{}, { reason: "" }, { reason: " \n" }, { reason: "x", by: "eve@corp.com" }])
      expect((await target.call("/v1/switches/agent/clerk", { method: "DELETE", token: operator, body })).status).toBe(
        400,
      );
    expect((await target.call("/v1/switches/agent/clerk", { method: "DELETE", token: operator })).status).toBe(415);
    const listed = await target.call("/v1/switches/agent/clerk", { token: operator });
    expect(listed.body["switches"]).toEqual([expect.objectContaining({ reason: "looked wrong", lifted: null })]);
    expect((await flip("agent/clerk", "DELETE", operator, "was a test")).status).toBe(202);
    const history = await target.call("/v1/switches/agent/clerk", { token: operator });
    expect(history.body["switches"]).toEqual([
      expect.objectContaining({
        reason: "looked wrong",
        by: "oda@corp.com",
        lifted: expect.objectContaining({ reason: "was a test", by: "oda@corp.com" }),
      }),
    ]);
  });

  test("one of two switches for a name leaves the other, which holds", async () => {
    const asker = await target.open("payer");
    const [first] = [await flip(`session/${asker.id}`), await flip(`session/${asker.id}`)];
    const { id } = first.body["switch"] as { id: string };
    expect((await flip(`session/${asker.id}?id=${id}`, "DELETE")).status).toBe(202);
    expect((await flip(`session/${asker.id}?id=${id}`, "DELETE")).status).toBe(404);
    expect(await target.decide(asker, "files.read", read)).toMatchObject({ decision: "deny", reason: "frozen" });
    expect((await flip(`session/${asker.id}`, "DELETE")).status).toBe(202);
    expect((await target.decide(asker, "files.read", read)).decision).toBe("allow");
  });

  test("what stops nobody is no success", async () => {
    for (const name of [
      "agent/alpa",
      "agent/Alpha",
      "agent/%00",
      "session/ses_x",
      "fleet/alpha",
      "role/Worker",
      "role/alpha",
      "action/files",
      "action/files.*",
      "class/files",
      "requester/%20",
      "__proto__/x",
    ])
      expect([400, 404], name).toContain((await flip(name)).status);
  });
});

test("the fleet's switch stops every agent, the ones without a session too", async () => {
  const asker = await target.open("payer");
  expect((await flip("fleet/*")).status).toBe(202);
  expect(await target.decide(asker, "files.read", read)).toMatchObject({ decision: "deny", reason: "killed" });
  for (const agent of ["payer", "gamma"] as const)
    expect((await tryToOpen(agent)).body).toMatchObject({ decision: "deny", reason: "killed" });
  expect((await target.state(asker)).calls).toBe(0);
});
