import { base64url, generateKeyPair } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";
import { startIdentityProvider } from "./identity-provider.ts";
import type { IdentityProvider } from "./identity-provider.ts";

let provider: IdentityProvider;
let edge: EdgeUnderTest;

const now = () => Math.floor(Date.now() / 1000);
const person = (more: object = {}) => ({
  sub: "u-1",
  aud: "people-of-corp",
  email: "oda@corp.example",
  email_verified: true,
  iat: now(),
  exp: now() + 300,
  ...more,
});
const status = async (token: string, path = "/v1/switches"): Promise<number> =>
  (await edge.call(path, { token })).status;

/** A deployment like one in production, whose issuer happens to be on this machine. */
async function startProduction(issuer: string): Promise<EdgeUnderTest> {
  const settings = `  people     oidc "${issuer}" audience "people-of-corp"
  requesters oidc "${issuer}" audience "agents-of-corp"`;
  const started = await startTestEdge({}, { settings });
  const DEPLOYMENT = JSON.stringify({ sequence: 1, environment: "production", origins: [started.url] });
  await started.edge.reload(started.table, { DEPLOYMENT, DEVELOPMENT_ISSUER: null });
  return started;
}

beforeAll(async () => {
  provider = await startIdentityProvider();
  edge = await startProduction(provider.issuer);
});
afterAll(async () => {
  await edge.edge.stop();
  await provider.stop();
});

describe("people sign in at the policy's issuer", () => {
  test("and are in the groups of their verified address and claims", async () => {
    expect(await status(await provider.sign(person()))).toBe(200);
    expect(await status(await provider.sign(person({ email: "ODA@corp.example" })))).toBe(200);
    expect(await status(await provider.sign(person({ email: "x@corp.example", groups: ["auditors"] })))).toBe(200);
    expect(
      await status(await provider.sign(person({ email: "x@corp.example", groups: "auditors" })), "/v1/sessions"),
    ).toBe(200);
  });

  test("keys are fetched once for many tokens", async () => {
    const before = provider.keyRequests();
    for (let at = 0; at < 5; at++) await status(await provider.sign(person({ jti: String(at) })));
    expect(provider.keyRequests()).toBe(before);
  });

  test.each([
    ["no address", { email: undefined }],
    ["an address that isn't verified", { email_verified: false }],
    ["an address of which nobody says that it is verified", { email_verified: undefined }],
    ["an address said to be verified in other words", { email_verified: "yes" }],
    ["an address said to be verified in text", { email_verified: "true" }],
    ["an address in a list", { email: ["oda@corp.example"] }],
    ["an address with a letter that is lower-cased to another's", { email: "oda@\u212Aorp.example" }],
    ["a claim with another value", { email: "x@corp.example", groups: ["auditors2"] }],
    ["a claim that is an object", { email: "x@corp.example", groups: { auditors: true } }],
  ])("%s puts nobody into a group", async (_, more) => {
    expect(await status(await provider.sign(person(more)))).toBe(403);
  });

  test.each([
    ["for another audience", { aud: "somebody-else" }],
    ["for requesters", { aud: "agents-of-corp" }],
    ["for both audiences", { aud: ["people-of-corp", "agents-of-corp"] }],
    ["without audience", { aud: undefined }],
    ["of another issuer", { iss: "https://evil.example" }],
    ["of the development issuer", { iss: "urn:agentpolicy:development", aud: "people" }],
    ["without a subject", { sub: undefined }],
    ["with an empty subject", { sub: "" }],
    ["that has expired", { iat: now() - 900, exp: now() - 600 }],
    ["from the future", { nbf: now() + 600 }],
    ["issued in the future", { iat: now() + 600, exp: now() + 900 }],
    ["without expiry", { exp: undefined }],
    ["without issue time", { iat: undefined }],
    ["that ends before it begins", { iat: now(), exp: now() - 1 }],
  ])("a token %s is nobody's", async (_, more) => {
    expect(await status(await provider.sign(person(more)))).toBe(401);
  });

  test("a token signed by anything but the issuer's key is nobody's", async () => {
    const stranger = await generateKeyPair("RS256");
    const pem = new TextEncoder().encode(provider.publicPem);
    const unsigned = [{ alg: "none" }, { iss: provider.issuer, ...person() }].map((part) =>
      base64url.encode(JSON.stringify(part)),
    );
    const tokens = [
      await provider.sign(person(), {}, stranger.privateKey),
      await provider.sign(person(), { jku: "https://evil.example/keys" }, stranger.privateKey),
      await provider.sign(person(), { kid: "other" }),
      await provider.sign(person(), { alg: "HS256" }, pem),
      `${unsigned.join(".")}.`,
    ];
    for (const token of tokens) expect(await status(token)).toBe(401);
  });

  test.each(["agentpolicy-permit+jwt", "agentpolicy-session+jwt", "logout+jwt", "secevent+jwt", "dpop+jwt"])(
    "a token of type `%s` is no person's",
    async (typ) => {
      expect(await status(await provider.sign(person(), { typ }))).toBe(401);
    },
  );

  test.each(["JWT", "at+jwt", "application/at+jwt", "jose"])("one of type `%s` may be", async (typ) => {
    expect(await status(await provider.sign(person(), { typ }))).toBe(200);
  });

  test("without Cloudflare Access its header is anybody's", async () => {
    const token = await provider.sign(person());
    expect((await edge.call("/v1/switches", { headers: { "Cf-Access-Jwt-Assertion": token } })).status).toBe(401);
  });

  test("the development issuer's tokens are nobody's here", async () => {
    expect(await status(await edge.person("oda@corp.example"))).toBe(401);
  });
});

const requester = (more: object = {}) => ({
  sub: "u-9",
  aud: "agents-of-corp",
  email: "kim@corp.example",
  iat: now(),
  exp: now() + 300,
  ...more,
});

const open = async (claims: object, agent = "clerk") => {
  const requester_token = await provider.sign({ ...claims });
  const token = await edge.assertion(agent);
  const reply = await edge.call("/v1/sessions", { method: "POST", token, body: { requester_token, task: "tidy up" } });
  opened.push(String(reply.body["token"]));
  return reply;
};

const opened: string[] = [];
afterEach(async () => {
  for (const token of opened.splice(0)) await edge.call("/v1/session", { method: "DELETE", token });
});

describe("requesters sign in at theirs", () => {
  test.each<[string, object, number]>([
    ["the party that it was issued to", { azp: "clerk" }, 201],
    ["the actor, whoever it was issued to", { azp: "idp-client", act: { sub: "clerk" } }, 201],
    ["the actor by its issuer too", { act: { sub: "clerk", iss: "ISSUER" } }, 201],
    [
      "the current actor before earlier ones",
      { act: { sub: "clerk", act: { sub: "bot", act: { sub: "helper" } } } },
      201,
    ],
    ["another party", { azp: "bot" }, 401],
    ["another actor than the party", { azp: "clerk", act: { sub: "bot" } }, 401],
    ["the agent as an earlier actor only", { act: { sub: "bot", act: { sub: "clerk" } } }, 401],
    ["the agent as an earlier actor and the party", { azp: "clerk", act: { sub: "bot", act: { sub: "clerk" } } }, 401],
    ["an actor without a name around the agent", { azp: "clerk", act: { act: { sub: "clerk" } } }, 401],
    ["an actor of another issuer", { act: { sub: "clerk", iss: "https://evil.example" } }, 401],
    ["an actor that is null", { azp: "clerk", act: null }, 401],
    ["an actor that is text", { azp: "clerk", act: "clerk" }, 401],
    ["a list of actors", { azp: "clerk", act: [{ sub: "clerk" }] }, 401],
    ["an actor with a list of names", { act: { sub: ["clerk", "bot"] } }, 401],
    ["a list of parties", { azp: ["clerk"] }, 401],
    ["the agent in other letters", { azp: "Clerk" }, 401],
    ["who may act, not who does", { may_act: { sub: "clerk" } }, 401],
    ["the client only", { client_id: "clerk" }, 401],
    ["the agent as its own subject", { sub: "clerk", azp: "clerk" }, 401],
    ["nobody", {}, 401],
  ])("and their token may name %s: %j is %i", async (_, claims, expected) => {
    const text = JSON.stringify(requester(claims)).replace("ISSUER", provider.issuer);
    expect((await open(JSON.parse(text) as object)).status).toBe(expected);
  });

  test("and a token that would be remembered for days opens nothing", async () => {
    expect((await open(requester({ azp: "clerk", exp: now() + 26 * 3600 }))).status).toBe(401);
  });

  test("and only a verified address is theirs", async () => {
    const id = async (more: object) => {
      const reply = await open(requester({ azp: "clerk", jti: crypto.randomUUID(), ...more }));
      const { token } = reply.body as { token: string };
      const state = await edge.call("/v1/session", { token });
      await edge.call("/v1/session", { method: "DELETE", token });
      return state.body["requester"];
    };
    expect(await id({})).toBe("u-9");
    expect(await id({ email_verified: true })).toBe("kim@corp.example");
  });

  test("without an id a token is known by its whole text, and opens one session all the same", async () => {
    const claims = requester({ azp: "clerk", nonce: "n" });
    expect((await open(claims)).status).toBe(201);
    expect((await open(claims)).status).toBe(401);
    const named = requester({ azp: "clerk", jti: "t-1" });
    expect((await open(named)).status).toBe(201);
    expect((await open({ ...named, exp: now() + 400 })).status).toBe(401);
  });

  test("a token of people opens nothing, one for both audiences neither", async () => {
    expect((await open(requester({ azp: "clerk", aud: "people-of-corp" }))).status).toBe(401);
    expect((await open(requester({ azp: "clerk", aud: ["agents-of-corp", "people-of-corp"] }))).status).toBe(401);
  });
});

describe("an issuer that doesn't answer as it should lets nobody in", () => {
  test("one that is down, and one that claims to be another, are 503", async () => {
    const liar = await startIdentityProvider();
    liar.claimToBe("https://login.corp.example");
    const other = await startProduction(liar.issuer);
    const token = await liar.sign(person());
    const reply = await other.call("/v1/switches", { token });
    expect([reply.status, reply.headers.get("Retry-After")]).toEqual([503, "5"]);
    await liar.stop();
    expect((await other.call("/v1/switches", { token })).status).toBe(503);
    await other.edge.stop();
  });
});
