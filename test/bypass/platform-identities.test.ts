/** "Who is asking", where the answer comes from an identity provider or a certificate: each way around, and that it cost nothing. */
import { base64url, exportJWK, generateKeyPair } from "jose";
import type { JWTHeaderParameters } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { startIdentityProvider } from "../edge-http/identity-provider.ts";
import type { IdentityProvider } from "../edge-http/identity-provider.ts";
import { identityPolicy, startProduction } from "../edge-http/run-production.ts";
import type { Production } from "../edge-http/run-production.ts";
import { personOfCorp, requesterOfCorp } from "../edge-http/tokens-of-corp.ts";
import type { Claims } from "../edge-http/workload-tokens.ts";
import type { Reply } from "../harness/http-call.ts";

const FINGERPRINT = "ec7904cd327ffa16e8946ad64084cc5149b8fc2454ed4b9dbc93e2d02d29be2e";
const CERTIFICATE = { certVerified: "SUCCESS", certRevoked: "0", certFingerprintSHA256: FINGERPRINT };
/** How many sessions each agent may open in all: an attack that opens one, or counts as one, shows at the end. */
const OPENINGS = 3;

let platform: IdentityProvider;
let corp: IdentityProvider;
let production: Production;

beforeAll(async () => {
  [platform, corp] = await Promise.all([startIdentityProvider(), startIdentityProvider()]);
  const settings = `  people       oidc "${corp.issuer}" audience "people-of-corp"
  requesters   oidc "${corp.issuer}" audience "agents-of-corp"
  operators    owners
  auditors     owners`;
  const oidc = (repository: string) =>
    `  identity oidc "${platform.issuer}" { repository "${repository}"  environment "production" }`;
  const limit = `  limit session.open to ${OPENINGS} in 1h per agent`;
  production = await startProduction(
    identityPolicy(
      [
        { name: "robot", lines: `${oidc("acme/robot")}\n${limit}` },
        { name: "other", lines: `${oidc("acme/other")}\n${limit}` },
        { name: "wire", lines: `  identity mtls sha256 "${FINGERPRINT}"\n${limit}` },
      ],
      settings,
    ),
  );
});
afterAll(async () => {
  await production.edge.stop();
  await Promise.all([platform.stop(), corp.stop()]);
});

const now = () => Math.floor(Date.now() / 1000);
const robot = (more: Claims = {}): Claims => ({
  sub: "repo:acme/robot:environment:production",
  aud: production.url,
  repository: "acme/robot",
  environment: "production",
  jti: crypto.randomUUID(),
  iat: now(),
  exp: now() + 300,
  ...more,
});
const token = (more: Claims = {}, header: Partial<JWTHeaderParameters> = {}) => platform.sign(robot(more), header);
const person = (more: Claims = {}) => personOfCorp(corp, more);
const requester = (more: Claims = {}) => requesterOfCorp(corp, "robot", more);
const cf = (tlsClientAuth: unknown) => ({ "MF-CF-Blob": JSON.stringify({ tlsClientAuth }) });
const openWith = (credential: string | null, body: unknown = {}, headers = {}): Promise<Reply> =>
  production.call("/v1/sessions", { method: "POST", token: credential, body, headers });

async function expectRefused(reply: Promise<Reply>, status = 401): Promise<void> {
  const { status: found, body } = await reply;
  expect(found).toBe(status);
  expect(body).not.toHaveProperty("token");
}

describe("a workload is who its verified token says", () => {
  test.for(["agent", "agent_id", "sub", "iss", "repository"])(
    "`%s` in the body is refused, not believed",
    async (field) => {
      await expectRefused(openWith(await token(), { [field]: "other" }), 400);
    },
  );

  test("an agent's name in headers or in claims that the policy doesn't name means nothing", async () => {
    const claims = { agent: "other", name: "other", azp: "other", client_id: "other", preferred_username: "other" };
    await expectRefused(openWith(await token({ ...claims, repository: "acme/third" }), {}, { "x-agent": "other" }));
  });

  test.for<[string, () => Claims]>([
    ["`nbf` in the future", () => ({ nbf: now() + 600 })],
    ["past `exp`", () => ({ iat: now() - 600, exp: now() - 300 })],
    ["another `aud`", () => ({ aud: "https://elsewhere.example" })],
    ["a list of audiences that holds this edge's", () => ({ aud: ["https://elsewhere.example", production.url] })],
    ["the audience of people", () => ({ aud: "people-of-corp" })],
    ["another `iss`", () => ({ iss: "https://token.actions.githubusercontent.com" })],
    ["the `iss` of people", () => ({ iss: corp.issuer })],
    ["an `iss` that is an agent's name", () => ({ iss: "robot", sub: "robot" })],
    ["a claim as a list, read as any of it", () => ({ repository: ["acme/robot"] })],
    ["a claim left out, read as any", () => ({ environment: undefined })],
    ["an empty claim, read as any", () => ({ environment: "" })],
    [
      "an inherited name of objects as a claim",
      () => ({ environment: undefined, ["__proto__"]: { environment: "production" } }),
    ],
  ])("%s", async ([, claims]) => {
    await expectRefused(openWith(await token(claims())));
  });

  test("`alg: none`, HS256 with the public key, unknown `kid`, a key of its own, another issuer's key", async () => {
    const claims = { iss: platform.issuer, ...robot() };
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    const none = [{ alg: "none", kid: "k1" }, claims].map((part) => base64url.encode(JSON.stringify(part)));
    const pem = new TextEncoder().encode(platform.publicPem);
    const tokens = [
      `${none.join(".")}.`,
      `${none.join(".")}.AAAA`,
      await platform.sign(claims, { alg: "HS256" }, pem),
      await platform.sign(claims, { kid: "another" }),
      await platform.sign(claims, { jwk }, privateKey),
      await platform.sign(claims, { jku: `${corp.issuer}/keys` }),
      await platform.sign(claims, { x5u: "https://evil.example/cert" }),
      await corp.sign(claims),
    ];
    for (const each of tokens) await expectRefused(openWith(each));
  });

  test("a token of another kind that the same issuer signed", async () => {
    for (const typ of ["logout+jwt", "secevent+jwt", "agentpolicy-session+jwt", "client-authentication+jwt"])
      await expectRefused(openWith(await token({}, { typ })));
  });

  test("a token replayed, also when all arrive at once, opens once", async () => {
    const once = await token({ repository: "acme/other", sub: "repo:acme/other:environment:production" });
    const replies = await Promise.all(Array.from({ length: 5 }, () => openWith(once)));
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 401, 401, 401, 401]);
    await expectRefused(openWith(once));
  });
});

describe("tokens taken for one another", () => {
  test("an agent's platform token flips nothing, approves nothing, reads nothing and asks nothing", async () => {
    const reason = { reason: "because" };
    const calls: [string, string, unknown][] = [
      ["PUT", "/v1/switches/agent/robot", reason],
      ["DELETE", "/v1/switches/agent/robot", reason],
      ["POST", "/v1/approvals/apr_x/decision", { decision: "approve", request_digest: `sha256:${"0".repeat(64)}` }],
      ["GET", "/v1/sessions", undefined],
      ["GET", "/v1/policy", undefined],
      ["GET", "/v1/session", undefined],
      ["POST", "/v1/authorize", { action: "note", args: { text: "x" }, request_id: "r-1" }],
    ];
    for (const [method, path, body] of calls) {
      const credential = await token({ email: "pat@corp.example", email_verified: true });
      const found = await production.call(path, { method, token: credential, ...(body === undefined ? {} : { body }) });
      expect([path, found.status]).toEqual([path, 401]);
    }
    const switches = await production.call("/v1/switches", { token: await person() });
    expect([switches.status, switches.body["switches"]]).toEqual([200, []]);
  });

  test("a person's and a requester's token are no agent's, and the agent's own is no requester's", async () => {
    const claims = { repository: "acme/robot", environment: "production" };
    await expectRefused(openWith(await person(claims)));
    await expectRefused(openWith(await requester(claims)));
    await expectRefused(openWith(await token(), { requester_token: await token({ azp: "robot" }) }));
    await expectRefused(openWith(await token(), { requester_token: await person({ azp: "robot" }) }));
  });

  test("a requester's token that names the agent only as an earlier actor stands behind nothing", async () => {
    for (const act of [{ sub: "other", act: { sub: "robot" } }, { act: { sub: "robot" } }, [{ sub: "robot" }], null])
      await expectRefused(
        openWith(await token(), { requester_token: await requester({ act, jti: crypto.randomUUID() }) }),
      );
  });

  test("a requester's token lifts no switch", async () => {
    const call = { method: "DELETE", token: await requester(), body: { reason: "x" } };
    expect((await production.call("/v1/switches/agent/robot", call)).status).toBe(401);
  });

  test("an address that nobody verified gives no rights", async () => {
    for (const email_verified of [undefined, false, "true"]) {
      const reply = await production.call("/v1/switches", { token: await person({ email_verified }) });
      expect(reply.status).toBe(403);
    }
  });
});

describe("certificates", () => {
  test.for<[string, object]>([
    ["that didn't verify", { certVerified: "FAILED:unable to verify the first certificate" }],
    ["that is revoked", { certRevoked: "1" }],
    ["of which only one of both is said", { certRevoked: undefined }],
    ["of nobody", { certFingerprintSHA256: "0".repeat(64) }],
  ])("%s", async ([, more]) => {
    await expectRefused(openWith(null, {}, cf({ ...CERTIFICATE, ...more })));
  });

  test("in headers, as a proxy would send them, are anybody's", async () => {
    const headers = {
      "cf-client-cert-sha256": FINGERPRINT,
      "cf-cert-verified": "true",
      "cf-cert-revoked": "false",
      "x-forwarded-client-cert": `Hash=${FINGERPRINT}`,
      "client-cert": ":MIIB:",
    };
    await expectRefused(openWith(null, {}, headers));
    const opened = await token();
    const reply = await openWith(opened, {}, headers);
    expect(reply.body["session"]).toMatchObject({ agent: "robot" });
  });

  test("of one agent beside the token of another open neither's session", async () => {
    await expectRefused(openWith(await token(), {}, cf(CERTIFICATE)));
  });
});

describe("two agents with one identity", () => {
  const twice = (first: string, second: string) =>
    compile([
      {
        name: "p.agentpolicy",
        text: identityPolicy([
          { name: "one", lines: first },
          { name: "two", lines: second },
        ]),
      },
    ]);
  const oidc = (claims: string, slash = "") => `  identity oidc "https://platform.example${slash}" { ${claims} }`;
  test.for<[string, string, string]>([
    ["the same claims", oidc('sub "a"'), oidc('sub "a"')],
    ["claims that one token could have both of", oidc('sub "a"'), oidc('repository "b"')],
    ["one issuer in two spellings", oidc('sub "a"', "/x"), oidc('sub "a"', "/x/")],
    ["one certificate", `  identity mtls sha256 "${FINGERPRINT}"`, `  identity mtls sha256 "${FINGERPRINT}"`],
  ])("don't compile: %s", ([, first, second]) => {
    const { table, diagnostics } = twice(first, second);
    expect(table).toBeNull();
    expect(diagnostics.some(({ level }) => level === "error")).toBe(true);
  });
});

test("afterwards each agent still has every opening that it didn't use itself", async () => {
  const left = async (credential: () => Promise<Reply>) => {
    const replies = [];
    for (let at = 0; at < OPENINGS + 1; at++) replies.push((await credential()).status);
    return replies.filter((status) => status === 201).length;
  };
  // `robot` opened once beside made-up headers, `other` once with the token that was replayed, `wire` never.
  expect(await left(async () => openWith(await token()))).toBe(OPENINGS - 1);
  expect(await left(async () => openWith(await token({ repository: "acme/other" })))).toBe(OPENINGS - 1);
  expect(await left(() => openWith(null, {}, cf(CERTIFICATE)))).toBe(OPENINGS);
});
