/** Agents that prove themselves with the tokens of their platform, from real issuers on this machine. */
import { createHash } from "node:crypto";
import { base64url, exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiledTable } from "../harness/compiled-table.ts";
import { startIdentityProvider } from "./identity-provider.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { identityPolicy, startProduction } from "./run-production.ts";
import type { Production } from "./run-production.ts";
import { entraToken, githubToken, googleToken, spiffeToken } from "./workload-tokens.ts";
import type { Claims } from "./workload-tokens.ts";

let github: IdentityProvider;
let google: IdentityProvider;
let entra: IdentityProvider;
let spiffe: IdentityProvider;
let corp: IdentityProvider;
let production: Production;
let policy: string;

beforeAll(async () => {
  [github, google, entra, spiffe, corp] = await Promise.all([
    startIdentityProvider({ stated: ["RS256"] }),
    startIdentityProvider({ stated: ["RS256"] }),
    startIdentityProvider({ path: "/72f988bf-86f1-41af-91ab-2d7cd011db47/", stated: ["RS256"] }),
    startIdentityProvider({ algorithm: "ES256" }),
    startIdentityProvider({ algorithm: "EdDSA" }),
  ]);
  policy = identityPolicy(
    [
      {
        name: "sales",
        lines: `  identity oidc "${github.issuer}" {
    repository       "acme/sales-bot"
    environment      "production"
    job_workflow_ref "acme/automation/.github/workflows/deploy.yml@refs/heads/main"
  }`,
      },
      {
        name: "reports",
        lines: `  identity oidc "${google.issuer}" { email "report-bot@acme.iam.gserviceaccount.com" }`,
      },
      {
        name: "mover",
        lines: `  identity oidc "${entra.issuer}" {
    tid   "72f988bf-86f1-41af-91ab-2d7cd011db47"
    oid   "ebbbc0d9-0000-4aaa-8888-c1b1c1b1c1b1"
    appid in movers
  }`,
      },
      {
        name: "triage",
        lines: `  identity oidc "${spiffe.issuer}" { sub "spiffe://acme.example/ns/agents/sa/triage" }`,
      },
      { name: "clerk", lines: `  identity oidc "${corp.issuer}" { sub "clerk" }` },
    ],
    `  people       oidc "https://people.corp.example" audience "people-of-corp"
  requesters   oidc "${corp.issuer}" audience "agents-of-corp"`,
  ).replace("group owners", 'set movers = ["6e74172b-be56-4843-9ff4-e66a39bb12e3", "another"]\n\ngroup owners');
  production = await startProduction(policy);
});
afterAll(async () => {
  await production.edge.stop();
  await Promise.all([github, google, entra, spiffe, corp].map((provider) => provider.stop()));
});

const open = (token: string) => production.open({ token });
const now = () => Math.floor(Date.now() / 1000);
const workflow = (more: Claims = {}, header: object = {}) => github.sign(githubToken(production.url, more), header);

describe("an agent is who its platform says", () => {
  test("a workflow of GitHub Actions, by repository, environment and workflow", async () => {
    expect(await open(await workflow({}, { typ: "JWT", x5t: "eBZ_cn3sXYAd0ch4THBKHIgOwOE" }))).toEqual([201, "sales"]);
  });

  test("a service account of Google, by its verified address", async () => {
    expect(await open(await google.sign(googleToken(production.url), { typ: "JWT" }))).toEqual([201, "reports"]);
  });

  test("a managed identity of Entra, whose issuer ends in a slash, for a day", async () => {
    const token = await entra.sign(entraToken(production.url), { typ: "JWT", x5t: "eBZ_cn3sXYAd0ch4THBKHIgOwOE" });
    expect(await open(token)).toEqual([201, "mover"]);
  });

  test("a workload with a JWT-SVID, by its SPIFFE id", async () => {
    expect(await open(await spiffe.sign(spiffeToken(production.url)))).toEqual([201, "triage"]);
  });

  test("and the session is like any other: it acts, and a fresh token renews it", async () => {
    const token = await workflow();
    const opened = await production.call("/v1/sessions", { method: "POST", token, body: {} });
    const session = String(opened.body["token"]);
    const body = { action: "note", args: { text: "x" }, request_id: "r-1" };
    const answer = await production.call("/v1/authorize", { method: "POST", token: session, body });
    expect(answer.body).toMatchObject({ decision: "allow" });
    const renew = async (credential: string) => {
      const headers = { "Session-Token": session };
      return (await production.call("/v1/session/token", { method: "POST", token: credential, headers })).status;
    };
    expect(await renew(await workflow())).toBe(200);
    expect(await renew(token)).toBe(401);
    expect(await renew(await spiffe.sign(spiffeToken(production.url)))).toBe(403);
    await production.call("/v1/session", { method: "DELETE", token: session });
  });
});

describe("claims are equal letter by letter", () => {
  test.each<[string, Claims]>([
    ["another repository", { repository: "acme/sales-bot-next" }],
    ["another repository that begins the same", { repository: "acme/sales-bot2" }],
    ["capitals", { repository: "Acme/sales-bot" }],
    ["blank space", { repository: "acme/sales-bot " }],
    ["a list that holds it", { repository: ["acme/sales-bot"] }],
    ["an object", { repository: { 0: "acme/sales-bot" } }],
    ["nothing", { repository: null }],
    ["an empty text", { repository: "" }],
    ["a number", { repository: 1 }],
    ["another environment", { environment: "staging" }],
    ["no environment", { environment: undefined }],
    ["another branch's workflow", { job_workflow_ref: "acme/automation/.github/workflows/deploy.yml@refs/heads/x" }],
  ])("%s is another", async (_, more) => {
    expect(await open(await workflow(more))).toEqual([401, null]);
  });

  test("a claim in a set is one of its members", async () => {
    const appid = async (value: unknown) => open(await entra.sign(entraToken(production.url, { appid: value })));
    expect(await appid("another")).toEqual([201, "mover"]);
    expect(await appid("third")).toEqual([401, null]);
    expect(await appid(["another"])).toEqual([401, null]);
  });

  test("an address counts only where the issuer says that it is verified", async () => {
    for (const email_verified of [false, undefined, "true"])
      expect(await open(await google.sign(googleToken(production.url, { email_verified })))).toEqual([401, null]);
  });
});

describe("a token opens nothing", () => {
  test.each<[string, () => Claims]>([
    ["for another audience", () => ({ aud: "https://policy.example" })],
    ["for GitHub's own audience", () => ({ aud: "https://github.com/acme" })],
    ["for this edge with a slash", () => ({ aud: `${production.url}/` })],
    ["for this edge among others", () => ({ aud: [production.url, "https://elsewhere.example"] })],
    ["for nobody", () => ({ aud: [] })],
    ["without audience", () => ({ aud: undefined })],
    ["of another issuer", () => ({ iss: "https://token.actions.githubusercontent.com" })],
    ["of another issuer of the policy", () => ({ iss: spiffe.issuer })],
    ["of its issuer with a slash", () => ({ iss: `${github.issuer}/` })],
    ["without issuer", () => ({ iss: undefined })],
    ["without subject", () => ({ sub: undefined })],
    ["that has expired", () => ({ iat: now() - 900, exp: now() - 61 })],
    ["that isn't valid yet", () => ({ nbf: now() + 120 })],
    ["from the future", () => ({ iat: now() + 120, exp: now() + 300 })],
    ["that lives for days", () => ({ exp: now() + 26 * 3600 })],
    ["without issue time", () => ({ iat: undefined })],
    ["without expiry", () => ({ exp: undefined })],
    ["with times as text", () => ({ exp: "2099-01-01" })],
    ["that acts for somebody else", () => ({ act: { sub: "somebody" } })],
  ])("%s", async (_, more) => {
    expect(await open(await workflow(more()))).toEqual([401, null]);
  });

  test.each([
    ["an unknown key id", { kid: "other" }],
    ["a key of its own", { jwk: { kty: "RSA", n: "AQAB", e: "AQAB" } }],
    ["a place to fetch keys from", { jku: "https://evil.example/jwks" }],
    ["a certificate's place", { x5u: "https://evil.example/cert" }],
    ["a certificate", { x5c: ["AAAA"] }],
    ["the type of a session token", { typ: "agentpolicy-session+jwt" }],
    ["the type of a permit", { typ: "agentpolicy-permit+jwt" }],
    ["the type of an assertion", { typ: "client-authentication+jwt" }],
    ["the type of a logout token", { typ: "logout+jwt" }],
  ])("with %s in its header", async (_, header) => {
    expect(await open(await workflow({}, header))).toEqual([401, null]);
  });

  test("that isn't signed, signed with the public key as a secret, by a stranger, or by another issuer of the policy", async () => {
    const claims = { iss: github.issuer, ...githubToken(production.url) };
    const unsigned = [{ alg: "none" }, claims].map((part) => base64url.encode(JSON.stringify(part)));
    const stranger = await generateKeyPair("RS256");
    const tokens = [
      `${unsigned.join(".")}.`,
      await github.sign(claims, { alg: "HS256" }, new TextEncoder().encode(github.publicPem)),
      await github.sign(claims, {}, stranger.privateKey),
      await spiffe.sign(claims),
      await google.sign(claims),
    ];
    for (const token of tokens) expect(await open(token)).toEqual([401, null]);
  });

  test("signed with an algorithm that its issuer doesn't state, though the key would do", async () => {
    const { privateKey, publicKey } = await generateKeyPair("PS256", { extractable: true });
    google.publish([{ ...(await exportJWK(publicKey)), kid: "ps" }]);
    const token = await google.sign(googleToken(production.url), { alg: "PS256", kid: "ps" }, privateKey);
    expect(await open(token)).toEqual([401, null]);
    google.publish([]);
  });
});

describe("a token is good once", () => {
  test("by its id, also when it comes many times at once, and by its signed text where it has none", async () => {
    for (const token of [await workflow(), await spiffe.sign(spiffeToken(production.url, { nonce: "1" }))]) {
      const answers = await Promise.all(Array.from({ length: 5 }, () => open(token)));
      expect(answers.map(([status]) => status).toSorted((a, b) => a - b)).toEqual([201, 401, 401, 401, 401]);
      expect(await open(token)).toEqual([401, null]);
    }
  });

  test("also when the same id is signed again, or its signature is spelt another way", async () => {
    const claims = { jti: "run-1" };
    expect((await open(await workflow(claims)))[0]).toBe(201);
    expect((await open(await workflow({ ...claims, exp: now() + 200 })))[0]).toBe(401);
    const token = await spiffe.sign(spiffeToken(production.url, { nonce: "2" }));
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = letters.indexOf(token.at(-1) ?? "");
    const respelt = token.slice(0, -1) + letters.charAt((last & 0x30) | ((last + 1) & 0x0f));
    expect((await open(token))[0]).toBe(201);
    expect((await open(respelt))[0]).toBe(401);
  });

  test("an ECDSA token signed again with the same claims is the same token", async () => {
    const claims = spiffeToken(production.url, { nonce: "3" });
    const [first, second] = [await spiffe.sign(claims), await spiffe.sign(claims)];
    expect(first).not.toBe(second);
    expect([(await open(first))[0], (await open(second))[0]]).toEqual([201, 401]);
  });
});

describe("one issuer for agents and requesters", () => {
  const requester = (more: Claims = {}) =>
    corp.sign({ sub: "u-1", aud: "agents-of-corp", azp: "clerk", iat: now(), exp: now() + 60, ...more });
  const clerk = (more: Claims = {}) =>
    corp.sign({ sub: "clerk", aud: production.url, iat: now(), exp: now() + 60, jti: crypto.randomUUID(), ...more });

  test("signs for both, and neither token does as the other", async () => {
    const body = { requester_token: await requester() };
    const both = await production.open({ token: await clerk(), body });
    expect(both).toEqual([201, "clerk"]);
    expect(await open(await requester({ sub: "clerk" }))).toEqual([401, null]);
    const swapped = { requester_token: await clerk({ sub: "u-1", azp: "clerk" }) };
    expect(await production.open({ token: await clerk(), body: swapped })).toEqual([401, null]);
  });

  test("a token for both is for neither", async () => {
    const aud = [production.url, "agents-of-corp"];
    expect(await open(await clerk({ aud }))).toEqual([401, null]);
    const body = { requester_token: await requester({ aud }) };
    expect(await production.open({ token: await clerk(), body })).toEqual([401, null]);
  });
});

describe("what the table and the issuer can do wrong", () => {
  test("an agent's token is nobody's among people", async () => {
    for (const path of ["/v1/switches", "/v1/sessions", "/v1/approvals?status=pending"])
      expect((await production.call(path, { token: await workflow() })).status).toBe(401);
    expect((await production.call("/v1/session", { token: await workflow() })).status).toBe(401);
  });

  test("an issuer that doesn't answer is 503, and one that the policy no longer names 401", async () => {
    const fleeting = await startIdentityProvider();
    const named = identityPolicy([{ name: "sixth", lines: `  identity oidc "${fleeting.issuer}" { sub "six" }` }]);
    const token = await fleeting.sign({ sub: "six", aud: production.url, iat: now(), exp: now() + 60 });
    fleeting.answerWith((_, response) => response.writeHead(500).end());
    await production.reload(named);
    const reply = await production.call("/v1/sessions", { method: "POST", token, body: {} });
    expect([reply.status, reply.headers.get("Retry-After")]).toEqual([503, "5"]);
    await production.reload(policy);
    expect(await open(token)).toEqual([401, null]);
    await fleeting.stop();
  });

  test("a token that fits two agents is neither's, although no compiler wrote such a table", async () => {
    const token = () => spiffe.sign(spiffeToken(production.url, { jti: crypto.randomUUID() }));
    const table = JSON.parse(compiledTable(policy)) as {
      hash: string;
      body: { agents: { name: string; identities: unknown[] }[] };
    };
    const [clerk, triage] = ["clerk", "triage"].map((name) => table.body.agents.find((agent) => agent.name === name));
    if (clerk === undefined || triage === undefined) throw new Error("the policy has both");
    clerk.identities = [...triage.identities];
    table.hash = `sha256:${createHash("sha256").update(JSON.stringify(table.body)).digest("hex")}`;
    await production.reloadTable(JSON.stringify(table));
    expect(await open(await token())).toEqual([401, null]);
    await production.reload(policy);
    expect(await open(await token())).toEqual([201, "triage"]);
  });
});
