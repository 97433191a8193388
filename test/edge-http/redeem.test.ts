/** A permit used up at the edge: once, for itself alone, and not after a kill. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { importJWK, SignJWT } from "jose";
import { readKeys } from "../../cli/local/edge-keys.ts";
import type { Reply } from "../harness/http-call.ts";
import { compiledTable } from "../harness/compiled-table.ts";
import { policyText } from "./policy-text.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startTestEdge({}, { own: new Map([["bot", "may call helper for files.read"]]) });
});
afterAll(() => edge.edge.stop());

interface Held {
  readonly permit: string;
  readonly jti: string;
  readonly token: string;
  readonly session: string;
}

/** The copy of the switches that the Worker reads lags behind a lift for a moment. */
async function permitFor(agent: string): Promise<Held> {
  const { token, session } = await vi.waitFor(() => edge.open(agent), PATIENTLY);
  const permit = await vi.waitFor(() => tryPermit(token), PATIENTLY);
  return { permit, jti: claimsOf(permit).jti, token, session: session.id };
}

const PATIENTLY = { timeout: 20_000, interval: 100 };

async function tryPermit(token: string): Promise<string> {
  const { permit } = await edge.decide(token, { action: "files.read", args: { file: "a" } });
  if (permit === undefined) throw new Error("no permit yet");
  return permit;
}

function claimsOf(permit: string): { readonly jti: string } {
  return JSON.parse(Buffer.from(permit.split(".")[1] ?? "", "base64url").toString()) as { jti: string };
}

function redeem({ permit, jti }: Pick<Held, "permit" | "jti">): Promise<Reply> {
  return edge.call(`/v1/permits/${jti}/redeem`, { method: "POST", body: { permit } });
}

const close = ({ token }: Held): Promise<Reply> => edge.call("/v1/session", { method: "DELETE", token });

describe("a permit is redeemed", () => {
  test("once, with no other credential, and it stands in the records", async () => {
    const held = await permitFor("bot");
    const answers = await Promise.all([redeem(held), redeem(held), redeem(held)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 200)?.body).toEqual({ redeemed: true, jti: held.jti });
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      type: "urn:agentpolicy:problem:conflict",
    });
    await edge.edge.reload(edge.table);
    expect((await redeem(held)).status).toBe(409);
    const token = await edge.edge.personToken({ email: "x@corp.example", claims: { groups: ["auditors"] } });
    const { text } = await edge.call(`/v1/sessions/${held.session}/records`, { token });
    expect(text.split('"kind":"permit.redeemed"')).toHaveLength(2);
    await close(held);
  });

  test("although its session was closed meanwhile: permits live to their end", async () => {
    const held = await permitFor("bot");
    await close(held);
    expect((await redeem(held)).status).toBe(200);
  });
});

describe("in a session below another", () => {
  async function permitBelow(): Promise<Held> {
    const above = await edge.open("bot");
    const asked = { method: "POST", token: above.token, body: { agent: "helper" } };
    const { ticket } = (await edge.call("/v1/session/delegations", asked)).body;
    const opened = await edge.open("helper", { ticket });
    const { permit = "" } = await edge.decide(opened.token, { action: "files.read", args: { file: "a" } });
    return { permit, jti: claimsOf(permit).jti, token: above.token, session: opened.session.id };
  }

  test("a permit is redeemed once, and not when an agent above was killed", async () => {
    const held = await permitBelow();
    expect([(await redeem(held)).status, (await redeem(held)).status]).toEqual([200, 409]);
    const other = await permitBelow();
    const token = await edge.person("oda@corp.example");
    await edge.call("/v1/switches/agent/bot", { method: "PUT", token, body: { reason: "x" } });
    expect((await redeem(other)).body).toMatchObject({ type: "urn:agentpolicy:problem:killed" });
    await edge.call("/v1/switches/agent/bot", { method: "DELETE", token, body: { reason: "y" } });
    await Promise.all([close(held), close(other)]);
  });
});

describe("it isn't", () => {
  test("after a kill of whatever it rests on", async () => {
    const token = await edge.person("oda@corp.example");
    for (const target of ["agent/helper", "fleet/*", "action/files.read", "class/read", "role/worker", "session/"]) {
      const held = await permitFor("helper");
      const path = `/v1/switches/${target.endsWith("/") ? target + held.session : target}`;
      await edge.call(path, { method: "PUT", token, body: { reason: "x" } });
      const reply = await redeem(held);
      expect([target, reply.status, reply.body["type"]]).toEqual([target, 409, "urn:agentpolicy:problem:killed"]);
      await edge.call(path, { method: "DELETE", token, body: { reason: "y" } });
      // What was refused isn't used up.
      expect([target, (await redeem(held)).status]).toEqual([target, 200]);
      await close(held);
    }
  });

  test("after a kill of the agent whose session was closed before", async () => {
    const held = await permitFor("helper");
    await close(held);
    const token = await edge.person("oda@corp.example");
    await edge.call("/v1/switches/agent/helper", { method: "PUT", token, body: { reason: "x" } });
    expect((await redeem(held)).body).toMatchObject({ type: "urn:agentpolicy:problem:killed" });
    await edge.call("/v1/switches/agent/helper", { method: "DELETE", token, body: { reason: "y" } });
  });

  test("after a kill of what granted it or of its class, although the policy of now says neither of it", async () => {
    const token = await edge.person("oda@corp.example");
    const renamed = policyText(edge.agents.public, {})
      .replaceAll("worker", "keeper")
      .replace("is read\n", "is write\n");
    for (const target of ["role/worker", "class/read"]) {
      const held = await permitFor("helper");
      await edge.call(`/v1/switches/${target}`, { method: "PUT", token, body: { reason: "x" } });
      await edge.edge.reload(compiledTable(renamed));
      expect([target, (await redeem(held)).body["type"]]).toEqual([target, "urn:agentpolicy:problem:killed"]);
      await edge.edge.reload(edge.table);
      await edge.call(`/v1/switches/${target}`, { method: "DELETE", token, body: { reason: "y" } });
      expect([target, (await redeem(held)).status]).toEqual([target, 200]);
      await close(held);
    }
  });

  test("under another id, nor altered, nor what isn't a permit", async () => {
    const held = await permitFor("bot");
    const other = await permitFor("bot");
    expect((await redeem({ permit: held.permit, jti: other.jti })).status).toBe(400);
    const [header = "", claims = "", signature = ""] = held.permit.split(".");
    const session = Buffer.from(JSON.stringify({ ...claimsOf(held.permit), sid: other.session })).toString("base64url");
    for (const permit of [
      `${header}.${session}.${signature}`,
      `${header}.${claims}.${signature.slice(0, -4)}AAAA`,
      "x.y.z",
      await edge.assertion("bot"),
      await edge.person("oda@corp.example"),
    ])
      expect([permit, (await redeem({ permit, jti: held.jti })).status]).toEqual([permit, 401]);
    expect((await redeem({ permit: held.token, jti: held.jti })).status).toBe(400);
    expect((await redeem(held)).status).toBe(200);
    await Promise.all([close(held), close(other)]);
  });

  test("when it has expired, was signed for another policy, or isn't typed as one", async () => {
    const held = await permitFor("bot");
    const { permit_key } = await readKeys(edge.edge.directory);
    const kid = String(JSON.parse(Buffer.from(held.permit.split(".")[0] ?? "", "base64url").toString()).kid);
    const key = await importJWK(permit_key, "EdDSA");
    const now = Math.floor(Date.now() / 1000);
    const sign = (claims: object, header: object = {}) =>
      new SignJWT({ ...claimsOf(held.permit), ...claims })
        .setProtectedHeader({ alg: "EdDSA", typ: "agentpolicy-permit+jwt", kid, ...header })
        .sign(key);
    const wrong = await Promise.all([
      sign({ iat: now - 120, exp: now - 60 }),
      sign({ aud: "test/production" }),
      sign({ iss: "https://elsewhere.example" }),
      sign({}, { typ: "JWT" }),
      sign({ sid: "ses_1" }),
    ]);
    for (const permit of wrong) expect((await redeem({ permit, jti: held.jti })).status).toBe(401);
    expect((await redeem({ permit: await sign({}), jti: held.jti })).status).toBe(200);
    await close(held);
  });

  test("where there is no such session", async () => {
    const held = await permitFor("bot");
    await close(held);
    const { permit_key } = await readKeys(edge.edge.directory);
    const kid = String(JSON.parse(Buffer.from(held.permit.split(".")[0] ?? "", "base64url").toString()).kid);
    const permit = await new SignJWT({ ...claimsOf(held.permit), sid: `ses_${"0".repeat(26)}` })
      .setProtectedHeader({ alg: "EdDSA", typ: "agentpolicy-permit+jwt", kid })
      .sign(await importJWK(permit_key, "EdDSA"));
    expect((await redeem({ permit, jti: held.jti })).status).toBe(404);
  });
});
