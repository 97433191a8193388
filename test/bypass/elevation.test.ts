import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { WireApproval } from "../../sdk/index.ts";
import { startTarget } from "./target.ts";
import type { Asker, Edit, Reply, Target } from "./target.ts";

const MORE = `
role cleaner {
  allow files.write on "files/attic/**"
  never mail.send
  limit files.write to 2 per session
}
`;
const withRole: Edit = (policy) =>
  `${policy.replaceAll(
    /^(agent (?:alpha|beta|gamma|boss|scribe) \{)$/gm,
    "$1\n  may become cleaner via outside_review for 30m",
  )}${MORE}`;

let target: Target;
let operator: string;
let lead: string;
beforeAll(async () => {
  target = await startTarget();
  await target.reload(withRole);
  operator = await target.person("oda@corp.com");
  lead = await target.person("lea@corp.com");
});
afterEach(() => target.closeSessions());
afterAll(() => target.stop());

const ask = (asker: Asker, role = "cleaner", reason = "the attic is full"): Promise<Reply> =>
  target.call("/v1/elevations", { method: "POST", token: asker.token, body: { role, reason } });

async function asked(asker: Asker): Promise<string> {
  const { status, body } = await ask(asker);
  expect(status).toBe(202);
  return String(body["id"]);
}

async function decide(id: string, token = lead, change: object = {}): Promise<Reply> {
  const shown = await target.call(`/v1/approvals/${id}`, { token: lead });
  const { request_digest } = shown.body as unknown as WireApproval;
  return target.call(`/v1/approvals/${id}/decision`, {
    method: "POST",
    token,
    body: { decision: "approve", reason: "fine", request_digest, ...change },
  });
}

const FILE = { file: "attic/a", text: "b", mode: "add" };
const clean = (asker: Asker) => target.decide(asker, "files.write", FILE);
const refused = async (asker: Asker): Promise<void> => {
  expect(await clean(asker)).toMatchObject({ decision: "deny", reason: "no_rule" });
  expect((await target.state(asker)).roles).toEqual([]);
};

describe("a role is gained", () => {
  test("by people's yes alone: the agent asks, hears nothing else, and can't say yes itself", async () => {
    const asker = await target.open("alpha");
    await refused(asker);
    const id = await asked(asker);
    await refused(asker);
    expect((await decide(id, asker.token)).status).toBe(401);
    for (const body of [{ approved: true }, { approver: "lea@corp.com" }, { for: "24h" }, { via: "lead_review" }])
      expect(
        await target.call("/v1/elevations", {
          method: "POST",
          token: asker.token,
          body: { role: "cleaner", reason: "a", ...body },
        }),
      ).toMatchObject({ status: 400 });
    await refused(asker);
    expect(await decide(id)).toMatchObject({ status: 200, body: { status: "used" } });
    expect(await clean(asker)).toMatchObject({ decision: "allow" });
    expect((await target.state(asker)).roles).toMatchObject([{ role: "cleaner" }]);
  });

  test("never by the agent's owners, where the approval excludes them, nor by strangers", async () => {
    const asker = await target.open("alpha");
    const id = await asked(asker);
    expect((await decide(id, operator)).status).toBe(403);
    expect((await decide(id, await target.person("eve@corp.com"))).status).toBe(404);
    await refused(asker);
  });

  test("with what the approver saw: role, time and the agent's words, whole and marked", async () => {
    const asker = await target.open("alpha");
    const id = await asked(asker);
    const { body } = await target.call(`/v1/approvals/${id}`, { token: lead });
    expect(body).toMatchObject({
      action: "become cleaner",
      elevation: { role: "cleaner", for: "30m" },
      args: { role: "cleaner", for: "30m" },
      intent: "the attic is full",
      rules: [{ tier: "allow" }, { tier: "never" }],
    });
    expect((await decide(id, lead, { request_digest: `sha256:${"0".repeat(64)}` })).status).toBe(409);
    await refused(asker);
  });

  test("and with it what it forbids: nobody becomes freer than the role is", async () => {
    const asker = await target.open("alpha");
    const mail = { to: ["a@corp.com"], body: "b" };
    expect(await target.decide(asker, "mail.send", mail)).toMatchObject({ decision: "allow" });
    await decide(await asked(asker));
    expect(await target.decide(asker, "mail.send", mail)).toMatchObject({ decision: "deny", reason: "rule" });
    expect(await target.decide(asker, "files.write", { ...FILE, file: "secret/a" })).toMatchObject({
      decision: "deny",
    });
  });
});

describe("a role isn't gained", () => {
  test("that the policy offers somebody else, that nobody has, or by a name that looks like it", async () => {
    const [other, asker] = [await target.open("delta"), await target.open("alpha")];
    for (const [who, role] of [
      [other, "cleaner"],
      [asker, "worker"],
      [asker, "Cleaner"],
      [asker, "cleaner "],
      [asker, "cle\u0430ner"],
      [asker, "every agent"],
    ] as const)
      expect(await ask(who, role)).toMatchObject({ status: 200, body: { decision: "deny", reason: "no_rule" } });
    await refused(other);
  });

  test("without a word about why", async () => {
    const asker = await target.open("alpha");
    for (const reason of ["", "  "]) expect((await ask(asker, "cleaner", reason)).status).toBe(400);
  });

  test("in another session of the same agent, nor by carrying the approval over", async () => {
    const [one, other] = [await target.open("beta"), await target.open("beta")];
    const id = await asked(one);
    expect((await target.call(`/v1/approvals/${id}`, { token: other.token })).status).toBe(404);
    await decide(id);
    await refused(other);
    const carried = await target.decide(other, "files.write", FILE, { approval: id });
    expect(carried).toMatchObject({ decision: "deny" });
    expect(await clean(one)).toMatchObject({ decision: "allow" });
  });

  test("once a person said no, however often and with whatever words it is asked for", async () => {
    const asker = await target.open("gamma");
    await decide(await asked(asker), lead, { decision: "deny" });
    for (const reason of ["please", "really"])
      expect(await ask(asker, "cleaner", reason)).toMatchObject({ body: { reason: "approval_denied" } });
    await refused(asker);
  });

  test("after it was killed, and what was gained stops: its restrictions stay", async () => {
    const asker = await target.open("alpha");
    await decide(await asked(asker));
    const pending = await target.open("beta");
    const id = await asked(pending);
    const role = { token: operator, body: { reason: "looks odd" } };
    expect((await target.call("/v1/switches/role/cleaner", { method: "PUT", ...role })).status).toBe(202);
    try {
      expect(await clean(asker)).toMatchObject({ decision: "deny", reason: "killed" });
      const mail = await target.decide(asker, "mail.send", { to: ["a@corp.com"], body: "b" });
      expect(mail.decision).toBe("deny");
      expect((await target.call(`/v1/approvals/${id}`, { token: pending.token })).body).toMatchObject({
        status: "cancelled",
      });
      expect(await ask(pending)).toMatchObject({ status: 200, body: { decision: "deny", reason: "killed" } });
    } finally {
      await target.call("/v1/switches/role/cleaner", { method: "DELETE", ...role });
    }
  });

  test("for longer than the policy offers it: not after a policy that doesn't, nor when the next one does", async () => {
    const asker = await target.open("alpha");
    const pending = await target.open("beta");
    await decide(await asked(asker));
    const id = await asked(pending);
    await target.reload((policy) => policy + MORE);
    await refused(asker);
    expect(await decide(id)).toMatchObject({ body: { status: "cancelled" } });
    await target.reload(withRole);
    await refused(asker);
    await refused(pending);
  });

  test("with other rules or limits than people saw, where a policy changed them before the vote", async () => {
    const wider: Edit = (policy) => policy.replace('on "files/attic/**"', 'on "files/**"');
    const unlimited: Edit = (policy) => policy.replace("  limit files.write to 2 per session\n", "");
    const asker = await target.open("alpha");
    for (const change of [wider, unlimited]) {
      const id = await asked(asker);
      await target.reload((policy) => change(withRole(policy)));
      expect(await decide(id)).toMatchObject({ body: { status: "cancelled" } });
      await refused(asker);
      await target.reload(withRole);
    }
    const before = await asked(asker);
    await target.reload((policy) => wider(withRole(policy)));
    const again = await asked(asker);
    expect(again).not.toBe(before);
    expect(await decide(again)).toMatchObject({ body: { status: "used" } });
    await target.reload(withRole);
  });

  test("for more time than the policy of now offers, nor for the old time once a later one offers that again", async () => {
    const offering =
      (time: string): Edit =>
      (policy) =>
        withRole(policy).replaceAll("for 30m", `for ${time}`);
    const ends = async (asker: Asker) => Date.parse((await target.state(asker)).roles[0]?.until ?? "");
    const [asker, other] = [await target.open("alpha"), await target.open("beta")];
    for (const each of [asker, other]) await decide(await asked(each));
    const before = await ends(asker);
    await target.reload(offering("10m"));
    expect(await ends(asker)).toBe(before - 20 * 60_000);
    expect(await clean(asker)).toMatchObject({ decision: "allow" });
    await target.reload(offering("1s"));
    await expect.poll(async () => (await target.state(other)).roles, { timeout: 25_000, interval: 200 }).toEqual([]);
    await refused(other);
    await target.reload(withRole);
    expect(await ends(asker)).toBe(before - 20 * 60_000);
    await refused(other);
  });

  test("in a session that has ended, or by its token of before", async () => {
    const asker = await target.open("gamma");
    const id = await asked(asker);
    await target.call("/v1/session", { method: "DELETE", token: asker.token });
    expect((await decide(id)).status).toBe(409);
    expect(await ask(asker)).toMatchObject({ body: { decision: "deny", reason: "session_expired" } });
  });

  test("below another session: what is gained above isn't there, and nothing is asked for there", async () => {
    const boss = await target.open("boss");
    await decide(await asked(boss));
    expect((await target.state(boss)).roles).toMatchObject([{ role: "cleaner" }]);
    const { body } = await target.call("/v1/session/delegations", {
      method: "POST",
      token: boss.token,
      body: { agent: "scribe" },
    });
    const below = await target.open("scribe", { ticket: body["ticket"] });
    expect((await target.state(below)).roles).toEqual([]);
    expect(await clean(below)).toMatchObject({ decision: "deny" });
    expect(await ask(below)).toMatchObject({ status: 200, body: { decision: "deny", reason: "not_delegated" } });
  });
});

test("asking for roles has the price of asking: each is written down, so both together are at most 20 a second", async () => {
  const asker = await target.open("alpha");
  const elevation = { method: "POST", token: asker.token, body: { role: "nobody", reason: "x" } } as const;
  const action = (request_id: string) =>
    ({ method: "POST", token: asker.token, body: { action: "crm.read", args: { id: "x" }, request_id } }) as const;
  const asked = Array.from({ length: 20 }, (_, at) => [
    target.callOnce("/v1/elevations", elevation),
    target.callOnce("/v1/authorize", action(`flood-${at}`)),
  ]);
  const statuses = (await Promise.all(asked.flat())).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBeLessThan(40);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
});
