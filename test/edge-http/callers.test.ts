import { base64url, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;

beforeAll(async () => {
  edge = await startTestEdge();
});
afterAll(() => edge.edge.stop());

const now = () => Math.floor(Date.now() / 1000);
const opening = async (token: string, body: object = {}) =>
  (await edge.call("/v1/sessions", { method: "POST", token, body })).status;
const unsigned = (part: object) => base64url.encode(JSON.stringify(part));

describe("an agent's assertion", () => {
  test("opens one session, and none the second time", async () => {
    const assertion = await edge.assertion("bot");
    expect(await opening(assertion)).toBe(201);
    expect(await opening(assertion)).toBe(401);
  });

  test("of ten parallel uses exactly one opens", async () => {
    const assertion = await edge.assertion("helper");
    const statuses = await Promise.all(Array.from({ length: 10 }, () => opening(assertion)));
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  });

  test.each([
    ["for another audience", { aud: "https://policy.example" }],
    ["for two audiences", { aud: ["https://policy.example", "x"] }],
    ["without audience", { aud: undefined }],
    ["of another issuer than subject", { sub: "helper" }],
    ["of nobody in the policy", { iss: "nobody", sub: "nobody" }],
    ["of another agent's name", { iss: "helper", sub: "helper" }],
    ["that has expired", { iat: now() - 200, exp: now() - 100 }],
    ["that lives too long", { exp: now() + 4_000 }],
    ["from the future", { iat: now() + 120, exp: now() + 180 }],
    ["not valid yet", { nbf: now() + 1_200 }],
    ["without expiry", { exp: undefined }],
    ["without issue time", { iat: undefined }],
    ["without id", { jti: undefined }],
    ["with an empty id", { jti: "" }],
    ["with an id that is a number", { jti: 7 }],
    ["with an expiry as text", { exp: "soon" }],
  ])("%s is refused", async (_, claims) => {
    expect(await opening(await edge.assertion("bot", claims))).toBe(401);
  });

  test.each([
    ["an unknown key id", { kid: "nope" }],
    ["another type", { typ: "agentpolicy-permit+jwt" }],
    ["a key of its own", { jwk: { kty: "OKP", crv: "Ed25519", x: "AAAA" } }],
    ["a place to fetch keys from", { jku: "https://evil.example/jwks.json" }],
    ["a certificate", { x5c: ["AAAA"] }],
  ])("with %s in its header is refused", async (_, header) => {
    expect(await opening(await edge.assertion("bot", {}, header))).toBe(401);
  });

  test("may name its key and its type", async () => {
    const x = edge.agents.public.get("bot") ?? "";
    expect(await opening(await edge.assertion("bot", {}, { kid: x, typ: "client-authentication+jwt" }))).toBe(201);
  });

  test("unsigned, signed with the public key as a secret, or by a stranger is refused", async () => {
    const claims = { iss: "bot", sub: "bot", aud: edge.url, iat: now(), exp: now() + 60, jti: crypto.randomUUID() };
    const none = `${unsigned({ alg: "none" })}.${unsigned(claims)}.`;
    const secret = base64url.decode(edge.agents.public.get("bot") ?? "");
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(secret);
    const stranger = await generateKeyPair("EdDSA");
    const foreign = await edge.assertion("bot", {}, {}, stranger.privateKey);
    const jwk = await exportJWK(stranger.publicKey);
    const embedded = await edge.assertion("bot", {}, { jwk }, stranger.privateKey);
    for (const token of [none, hmac, foreign, embedded, "x", "a.b.c"]) expect(await opening(token)).toBe(401);
  });

  test("an agent named in body or header is nobody's proof", async () => {
    const headers = { "X-Agent": "bot" };
    expect((await edge.call("/v1/sessions", { method: "POST", headers, body: {} })).status).toBe(401);
    expect(await opening(await edge.assertion("bot"), { agent: "helper" })).toBe(400);
  });
});

const requester = (more: object = {}) =>
  edge.edge.requesterToken({ email: "kim@corp.example", agent: "clerk", ...more });

const open = async (requester_token: string, agent = "clerk") =>
  opening(await edge.assertion(agent), { requester_token });

describe("a requester's token", () => {
  test("opens one session of the agent that it names", async () => {
    const token = await requester();
    expect(await open(token)).toBe(201);
    expect(await open(token)).toBe(401);
    expect(await open(await requester({ agent: "bot" }))).toBe(401);
  });

  test("a person's token is none, whatever it says", async () => {
    expect(await open(await edge.person("kim@corp.example"))).toBe(401);
    expect(await open(await edge.edge.personToken({ email: "kim@corp.example", claims: { azp: "clerk" } }))).toBe(401);
  });
});

describe("credentials are good for one kind of call", () => {
  test("each of them gets 401 wherever another is due", async () => {
    const { token: session } = await edge.open("bot");
    const permit = (await edge.decide(session, { action: "files.read", args: { file: "a" } })).permit ?? "";
    const credentials: Record<string, () => Promise<string>> = {
      agent: () => edge.assertion("bot"),
      session: async () => session,
      person: () => edge.person("oda@corp.example"),
      requester: () => edge.edge.requesterToken({ email: "oda@corp.example", agent: "bot" }),
      permit: async () => permit,
    };
    const calls: [string, string, string, object | undefined][] = [
      ["agent", "POST", "/v1/sessions", {}],
      ["session", "POST", "/v1/authorize", { action: "pay", request_id: "x" }],
      ["session", "GET", "/v1/session", undefined],
      ["person", "GET", "/v1/approvals", undefined],
      ["person", "GET", "/v1/switches", undefined],
      ["person", "PUT", "/v1/switches/fleet/*", { reason: "x" }],
      ["person", "DELETE", "/v1/switches/fleet/*", { reason: "x" }],
      ["person", "GET", "/v1/sessions", undefined],
      ["person", "GET", `/v1/sessions/ses_${"0".repeat(26)}/records`, undefined],
    ];
    for (const [kind, make] of Object.entries(credentials))
      for (const [due, method, path, body] of calls) {
        if (kind === due) continue;
        const reply = await edge.call(path, { method, token: await make(), ...(body === undefined ? {} : { body }) });
        expect([kind, method, path, reply.status]).toEqual([kind, method, path, 401]);
        expect(reply.headers.get("WWW-Authenticate")).toContain("Bearer");
      }
  });

  test("a session token that was changed, or made for elsewhere, is refused", async () => {
    const { token } = await edge.open("bot");
    const [head = "", body = "", tail = ""] = token.split(".");
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(body))) as Record<string, unknown>;
    const forged = `${head}.${unsigned({ ...claims, sub: "helper" })}.${tail}`;
    const none = `${unsigned({ alg: "none", typ: "agentpolicy-session+jwt" })}.${body}.`;
    const own = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "agentpolicy-session+jwt" })
      .sign(new Uint8Array(32));
    for (const bad of [forged, none, own]) expect((await edge.call("/v1/session", { token: bad })).status).toBe(401);
  });

  test("another agent's assertion renews no session", async () => {
    const { token } = await edge.open("bot");
    const renew = async (agent: string) =>
      edge.call("/v1/session/token", {
        method: "POST",
        token: await edge.assertion(agent),
        headers: { "Session-Token": token },
      });
    expect((await renew("helper")).status).toBe(403);
    expect((await renew("bot")).status).toBe(200);
    const used = await edge.assertion("bot");
    const twice = () =>
      edge.call("/v1/session/token", { method: "POST", token: used, headers: { "Session-Token": token } });
    expect([(await twice()).status, (await twice()).status]).toEqual([200, 401]);
  });
});

const audit = () => edge.edge.personToken({ email: "aud@corp.example", claims: { groups: ["x", "auditors"] } });

describe("offices", () => {
  test("only operators flip, only auditors read records, and neither without a reason on record", async () => {
    const { session } = await edge.open("helper");
    const oda = await edge.person("oda@corp.example");
    const records = `/v1/sessions/${session.id}/records`;
    const statuses = async (path: string, tokens: readonly string[], method = "GET", body?: object) =>
      Promise.all(
        tokens.map(async (token) => (await edge.call(path, { method, token, ...(body ? { body } : {}) })).status),
      );
    const tokens = [oda, await audit(), await edge.person("lea@corp.example")];
    expect(await statuses(records, tokens)).toEqual([403, 200, 403]);
    expect(await statuses("/v1/switches", tokens)).toEqual([200, 200, 403]);
    const flip = `/v1/switches/session/${session.id}`;
    expect(await statuses(flip, tokens, "PUT", { reason: "" })).toEqual([400, 403, 403]);
    expect(await statuses(flip, tokens, "PUT", {})).toEqual([400, 403, 403]);
    expect(await statuses(flip, tokens, "PUT", { reason: "test" })).toEqual([202, 403, 403]);
  });
});
