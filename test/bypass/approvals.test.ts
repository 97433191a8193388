import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AuthorizeResponse } from "../../sdk/index.ts";
import { until } from "../harness/until.ts";
import { startTarget } from "./target.ts";
import type { Asker, Reply, Target } from "./target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterEach(() => target.closeSessions());
afterAll(() => target.stop());

const pathOf = (asked: AuthorizeResponse) => `/v1/approvals/${asked.approval?.id}`;

async function vote(asked: AuthorizeResponse, by: string, changes: object = {}): Promise<Reply> {
  const token = by.includes("@") ? await target.person(by) : by;
  const body = { decision: "approve", reason: "looked at it", request_digest: asked.request_digest, ...changes };
  return target.call(`${pathOf(asked)}/decision`, { method: "POST", token, body });
}

async function statusOf(asked: AuthorizeResponse, asker: Asker): Promise<unknown> {
  return (await target.call(pathOf(asked), { token: asker.token })).body["status"];
}

async function ask(asker: Asker, text = "x", action = "desk.act"): Promise<AuthorizeResponse> {
  const answer = await target.decide(asker, action, { text });
  expect(answer).toMatchObject({ decision: "ask", approval: { status: "pending" } });
  expect(answer).not.toHaveProperty("permit");
  return answer;
}

async function approved(asker: Asker, text = "x", action = "desk.act"): Promise<AuthorizeResponse> {
  const asked = await ask(asker, text, action);
  expect((await vote(asked, "lea@corp.com")).body["status"]).toBe("approved");
  return asked;
}

const use = (asker: Asker, asked: AuthorizeResponse, text = "x", action = "desk.act") =>
  target.decide(asker, action, { text }, { approval: asked.approval?.id });

/** Nothing was admitted in the session, and the approval stands as it stood. */
async function untouched(asker: Asker, asked: AuthorizeResponse, status: string): Promise<void> {
  expect((await target.state(asker)).calls).toBe(0);
  expect(await statusOf(asked, asker)).toBe(status);
}

describe("asking buries nobody", () => {
  test("a fourth question of a session waits, the same one keeps its id, and nothing is spent", async () => {
    const asker = await target.open("alpha");
    const first = await ask(asker, "1");
    await ask(asker, "2");
    await ask(asker, "3");
    expect(await target.decide(asker, "desk.act", { text: "4" })).toMatchObject({ reason: "approval_backlog" });
    for (let times = 0; times < 5; times++) expect((await ask(asker, "1")).approval?.id).toBe(first.approval?.id);
    await untouched(asker, first, "pending");
  });

  test("a question that is withdrawn goes on counting for a while: withdrawing makes no room to ask again and again", async () => {
    const asker = await target.open("beta");
    for (const text of ["1", "2", "3"]) {
      const { approval } = await target.decide(asker, "desk.act", { text });
      await target.call(`/v1/approvals/${approval?.id ?? ""}`, { method: "DELETE", token: asker.token });
    }
    for (const text of ["1", "4"])
      expect(await target.decide(asker, "desk.act", { text })).toMatchObject({
        decision: "deny",
        reason: "approval_backlog",
      });
  });

  test("what a person denied stays denied, with the approval and without it", async () => {
    const asker = await target.open("alpha");
    const asked = await ask(asker);
    expect((await vote(asked, "lea@corp.com", { decision: "deny" })).body["status"]).toBe("denied");
    expect(await use(asker, asked)).toMatchObject({ decision: "deny", reason: "approval_denied" });
    for (let times = 0; times < 3; times++)
      expect(await target.decide(asker, "desk.act", { text: "x" })).toMatchObject({ reason: "approval_denied" });
    expect((await vote(asked, "max@corp.com")).status).toBe(409);
    await untouched(asker, asked, "denied");
  });

  test("arguments that are too long to be read are denied, not asked", async () => {
    const asker = await target.open("alpha");
    const answer = await target.decide(asker, "desk.act", { text: "x".repeat(17_000) });
    expect(answer).toMatchObject({ decision: "deny", reason: "too_large_to_review" });
    expect((await target.state(asker)).calls).toBe(0);
  });
});

describe("an approval is good for what was asked, once", () => {
  test("changed arguments, another action, another session, another agent", async () => {
    const [asker, sibling, other] = [
      await target.open("beta"),
      await target.open("beta"),
      await target.open("gamma"),
    ] as const;
    const asked = await approved(asker);
    const refused = { decision: "deny", reason: "approval_mismatch" };
    expect(await use(asker, asked, "x ")).toMatchObject(refused);
    expect(
      await target.decide(asker, "desk.act", { text: "x", more: null }, { approval: asked.approval?.id }),
    ).toMatchObject(refused);
    expect(await use(asker, asked, "x", "desk.outside")).toMatchObject(refused);
    for (const thief of [sibling, other]) {
      expect(await use(thief, asked)).toMatchObject(refused);
      expect((await target.call(pathOf(asked), { token: thief.token })).status).toBe(404);
      expect((await target.call(pathOf(asked), { method: "DELETE", token: thief.token })).status).toBe(404);
      expect((await target.state(thief)).calls).toBe(0);
    }
    await untouched(asker, asked, "approved");
    expect((await use(asker, asked)).decision).toBe("allow");
  });

  test("ten parallel uses admit one, and later ones none", async () => {
    const asker = await target.open("beta");
    const asked = await approved(asker);
    const answers = await Promise.all(Array.from({ length: 10 }, () => use(asker, asked)));
    expect(answers.filter(({ decision }) => decision === "allow")).toHaveLength(1);
    expect(answers.filter(({ reason }) => reason === "approval_used")).toHaveLength(9);
    expect(await use(asker, asked)).toMatchObject({ decision: "deny", reason: "approval_used" });
    expect((await target.state(asker)).calls).toBe(1);
  });

  test("the answer that asked, repeated, is the same question and no way in", async () => {
    const asker = await target.open("beta");
    const body = { action: "desk.act", args: { text: "x" }, request_id: "asked-once" };
    const send = (more: object = {}) =>
      target.call("/v1/authorize", { method: "POST", token: asker.token, body: { ...body, ...more } });
    const asked = (await send()).body as unknown as AuthorizeResponse;
    await vote(asked, "lea@corp.com");
    expect((await send()).body).toMatchObject({ decision: "ask" });
    expect((await send({ approval: asked.approval?.id })).status).toBe(422);
    await untouched(asker, asked, "approved");
  });

  test("an approval claimed in the arguments or the body", async () => {
    const asker = await target.open("beta");
    for (const args of [
      { text: "x", approved: true },
      { text: "x", approval: "apr_1" },
    ])
      expect((await target.ask(asker, "desk.act", args)).body).toMatchObject({ reason: "invalid_argument" });
    for (const more of [{ approved: true }, { approver: "lea@corp.com" }, { approvals: [] }, { tier: "allow" }])
      expect((await target.ask(asker, "desk.act", { text: "x" }, more)).status).toBe(400);
    for (const approval of ["apr_1", `apr_${"0".repeat(52)}`, "lea@corp.com"])
      expect(await target.decide(asker, "desk.act", { text: "x" }, { approval })).toMatchObject({
        reason: "approval_mismatch",
      });
    const asked = await ask(asker);
    for (const more of [{ approver: "max@corp.com" }, { voter: {} }, { decision: "approved" }, { decision: true }])
      expect((await vote(asked, "oda@corp.com", more)).status).toBe(400);
    await untouched(asker, asked, "pending");
  });
});

describe("who may approve", () => {
  test("not the requester, not who isn't in the group, not an owner where owners are excluded", async () => {
    const requester_token = await target.requester("lea@corp.com", "clerk");
    const asker = await target.open("clerk", { requester_token });
    const asked = await ask(asker);
    expect((await vote(asked, "lea@corp.com")).status).toBe(403);
    expect((await vote(asked, "LEA@corp.com")).status).toBe(403);
    expect((await vote(asked, "oda@corp.com")).status).toBe(404);
    expect((await vote(asked, "eve@corp.com")).status).toBe(404);
    const outside = await ask(asker, "x", "desk.outside");
    expect((await vote(outside, "oda@corp.com")).status).toBe(403);
    await untouched(asker, asked, "pending");
    expect((await vote(outside, "max@corp.com")).body["status"]).toBe("approved");
  });

  test("not somebody who can't be told from the requester, since a token lacks the address", async () => {
    const asked_by = { aud: "requesters", sub: "00u77", azp: "clerk", jti: "without-address" };
    const asker = await target.open("clerk", { requester_token: await target.issued(asked_by) });
    const asked = await ask(asker);
    expect((await vote(asked, "lea@corp.com")).status).toBe(403);
    await untouched(asker, asked, "pending");
  });

  test("one person makes no pair: voting twice, by two groups, or by two ways to sign in", async () => {
    const asker = await target.open("delta");
    const asked = await ask(asker, "x", "desk.pair");
    const again = { aud: "people", sub: "okta|77", email: "Lea@corp.com", email_verified: true };
    for (const by of ["lea@corp.com", "lea@corp.com", await target.issued(again)]) {
      const reply = await vote(asked, by);
      expect(reply.body).toMatchObject({ status: "pending", needs: [{ quorum: 2, votes: 1 }] });
    }
    const refused = await use(asker, asked, "x", "desk.pair");
    expect(refused.decision).toBe("ask");
    await untouched(asker, asked, "pending");
    expect((await vote(asked, "oda@corp.com")).body["status"]).toBe("approved");
    expect((await use(asker, asked, "x", "desk.pair")).decision).toBe("allow");
  });

  test("an address that its provider hasn't verified is none, and a missing reason is no vote", async () => {
    const asker = await target.open("delta");
    const asked = await ask(asker, "y", "desk.pair");
    const claims = { aud: "people", sub: "lea@corp.com", email: "lea@corp.com", email_verified: false };
    expect((await vote(asked, await target.issued(claims))).status).toBe(404);
    expect((await vote(asked, "lea@corp.com", { reason: undefined })).status).toBe(403);
    expect((await vote(asked, "lea@corp.com", { reason: "  " })).status).toBe(400);
    const { body } = await target.call(pathOf(asked), { token: asker.token });
    expect(body).toMatchObject({ status: "pending", needs: [{ votes: 0 }] });
  });

  test("other people's approvals can't be listed, guessed or seen", async () => {
    const asker = await target.open("delta");
    const asked = await ask(asker);
    const stranger = await target.person("eve@corp.com");
    expect((await target.call(pathOf(asked), { token: stranger })).status).toBe(404);
    expect((await target.call("/v1/approvals", { token: stranger })).body).toEqual({ approvals: [] });
    expect((await target.call("/v1/approvals", { token: asker.token })).status).toBe(401);
    const id = String(asked.approval?.id);
    const lea = await target.person("lea@corp.com");
    for (const guess of [`${id.slice(0, -1)}!`, `apr_${"z".repeat(52)}`, `${id}%00`, `${id}/..`, "*", id.toUpperCase()])
      expect((await target.call(`/v1/approvals/${guess}`, { token: lea })).status, guess).toBe(404);
    await untouched(asker, asked, "pending");
  });
});

describe("what decides, and what doesn't", () => {
  test("a link that is opened, a form, another page's request, another digest", async () => {
    const asker = await target.open("alpha");
    const asked = await ask(asker);
    const token = await target.person("lea@corp.com");
    const path = `${pathOf(asked)}/decision`;
    const body = { decision: "approve", request_digest: asked.request_digest };
    for (const method of ["GET", "PUT", "PATCH", "DELETE"])
      expect((await target.call(path, { method, token })).status, method).toBe(405);
    expect((await target.call(`${pathOf(asked)}?decision=approve&wait=0`, { token })).body["status"]).toBe("pending");
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await target.call(path, { method: "POST", token, body: "decision=approve", headers: form })).status).toBe(
      415,
    );
    const foreign = { origin: "https://evil.example" };
    expect((await target.call(path, { method: "POST", token, body, headers: foreign })).status).toBe(403);
    const digest = `sha256:${"0".repeat(64)}`;
    expect((await vote(asked, "lea@corp.com", { request_digest: digest })).status).toBe(409);
    expect((await vote(asked, "lea@corp.com", { request_digest: undefined })).status).toBe(400);
    await untouched(asker, asked, "pending");
  });

  test("a double click votes once", async () => {
    const asker = await target.open("alpha");
    const asked = await ask(asker);
    const replies = await Promise.all([vote(asked, "lea@corp.com"), vote(asked, "lea@corp.com")]);
    expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const { body } = await target.call(pathOf(asked), { token: asker.token });
    expect(body).toMatchObject({ status: "approved", needs: [{ votes: 1 }] });
  });

  test("the approver is given the exact arguments, whole, whatever they hold", async () => {
    const asker = await target.open("alpha");
    const args = {
      text: `pay \u202e001\u202c\u200b <b>bo</b>\u001b[2K\r\n${"x".repeat(9_000)}!`,
      more: { b: [1, null], a: "=1+1" },
    };
    const asked = await target.decide(asker, "desk.act", args, { intent: "ignore the arguments" });
    const seen = await target.call(pathOf(asked), { token: await target.person("lea@corp.com") });
    expect(seen.body).toMatchObject({ args, intent: "ignore the arguments", request_digest: asked.request_digest });
    expect(seen.headers.get("content-type")).toContain("application/json");
    expect(seen.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("too late is no vote, and no use", async () => {
    const asker = await target.open("alpha");
    const asked = await ask(asker, "x", "desk.quick");
    const expires = Date.parse(asked.approval?.expires_at ?? "");
    await until("it is too late", () => Date.now() > expires);
    expect((await vote(asked, "lea@corp.com")).status).toBe(409);
    expect(await use(asker, asked, "x", "desk.quick")).toMatchObject({ decision: "deny", reason: "approval_expired" });
    await untouched(asker, asked, "expired");
  });

  test("what was withdrawn or whose session was closed can't be approved any more", async () => {
    const asker = await target.open("alpha");
    const withdrawn = await ask(asker, "1");
    await target.call(pathOf(withdrawn), { method: "DELETE", token: asker.token });
    expect((await vote(withdrawn, "lea@corp.com")).status).toBe(409);
    const open = await ask(asker, "2");
    await target.call("/v1/session", { method: "DELETE", token: asker.token });
    expect((await vote(open, "lea@corp.com")).status).toBe(409);
    expect(await use(asker, open, "2")).toMatchObject({ decision: "deny", reason: "session_expired" });
  });
});

describe("the task of a session", () => {
  test("stated by nobody who could vouch for it is unknown, and what a person's session states is matched whole", async () => {
    const task = "answer bo@corp.com, not evil.bo@corp.com.evil.io";
    const alone = await target.open("alpha", { task });
    const to = "bo@corp.com";
    expect(await target.decide(alone, "mail.reply", { to })).toMatchObject({
      reason: "unknown_fact",
      unknown: ["task"],
    });
    expect((await target.ask(alone, "mail.reply", { to }, { task })).status).toBe(400);
    expect((await target.state(alone)).calls).toBe(0);
    const requester_token = await target.requester("kim@corp.com", "clerk");
    const vouched = await target.open("clerk", { task, requester_token });
    for (const other of ["o@corp.com", "evil.bo@corp.com", "eve@corp.com"])
      expect(await target.decide(vouched, "mail.reply", { to: other })).toMatchObject({ reason: "no_rule" });
    expect((await target.decide(vouched, "mail.reply", { to })).decision).toBe("allow");
    expect((await target.state(vouched)).calls).toBe(1);
  });
});

describe("decided again when it is used", () => {
  test("a kill cancels what waits, and what was approved isn't admitted", async () => {
    const asker = await target.open("payer");
    const [waiting, given] = [await ask(asker, "1"), await approved(asker, "2")];
    const path = `/v1/switches/session/${asker.id}`;
    const token = await target.person("oda@corp.com");
    const flipped = await target.call(path, { method: "PUT", token, body: { reason: "looks wrong" } });
    expect(flipped.body).toMatchObject({ sessions_reached: 1, sessions_pending: 0 });
    expect(await use(asker, given, "2")).toMatchObject({ decision: "deny", reason: "frozen" });
    expect((await vote(waiting, "lea@corp.com")).status).toBe(409);
    await untouched(asker, waiting, "cancelled");
  });

  test("a policy that was tightened while it waited: another quorum, another approver, a rule that forbids", async () => {
    const asker = await target.open("payer");
    const quorum = await approved(asker, "1");
    const removed = await approved(asker, "2", "desk.outside");
    await target.reload((policy) =>
      policy
        .replace("approval lead_review {\n  approvers leads", "approval lead_review {\n  approvers leads\n  quorum 2")
        .replace("approval outside_review {\n  approvers leads, ops", "approval outside_review {\n  approvers ops"),
    );
    expect(await use(asker, quorum, "1")).toMatchObject({ decision: "ask", approval: { id: quorum.approval?.id } });
    expect(await use(asker, removed, "2", "desk.outside")).toMatchObject({ decision: "ask" });
    await untouched(asker, quorum, "pending");
    await untouched(asker, removed, "pending");
    expect((await vote(removed, "max@corp.com")).status).toBe(404);
    expect((await vote(quorum, "max@corp.com")).body["status"]).toBe("approved");
    await target.reload((policy) => policy.replace("every agent {", "every agent {\n  never desk.*"));
    expect(await use(asker, quorum, "1")).toMatchObject({ decision: "deny", reason: "rule" });
    await untouched(asker, quorum, "approved");
    await target.reload();
    expect((await use(asker, quorum, "1")).decision).toBe("allow");
  });
});
