import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { CryptoKey, JWK } from "jose";
import { compile } from "../../compiler/index.ts";
import type { Deployment } from "../../edge/deployment.ts";
import { identityIndex } from "../../edge/identity/identity-index.ts";
import { shownPerson, verifyPerson } from "../../edge/identity/people.ts";
import type { Person, ShownPerson } from "../../edge/identity/people.ts";
import { policyText } from "./policy-text.ts";

const TEAM = "https://acme.cloudflareaccess.com";
const AUDIENCE = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";
const AT = Date.UTC(2026, 0, 5, 12);

let pair: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
let jwk: JWK;
const asked: string[] = [];

beforeAll(async () => {
  pair = await generateKeyPair("RS256", { extractable: true });
  jwk = { ...(await exportJWK(pair.publicKey)), kid: "k", alg: "RS256" };
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** The part of a deployment that tells people apart. */
function deploymentOf(issuer: string): Deployment {
  const settings = `  people oidc "${issuer}" audience "${AUDIENCE}"`;
  const keys = new Map([["bot", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"]]);
  const { table } = compile([{ name: "p.agentpolicy", text: policyText(keys, { settings }) }]);
  if (table === null) throw new Error("the policy doesn't compile");
  const identities = identityIndex(table.body);
  return { table, identities, development: null, origins: ["https://policy.example"] } as unknown as Deployment;
}

/** As Cloudflare documents it: no `email_verified`, and `type` tells what it is for. */
const login = (more: object = {}) => ({
  aud: [AUDIENCE],
  email: "oda@corp.example",
  iss: TEAM,
  sub: "7335d417-61da-459d-899c-0a01c76a2f94",
  identity_nonce: "6ei69kawdKzMIAPF",
  country: "US",
  type: "app",
  iat: AT / 1000,
  nbf: AT / 1000,
  exp: AT / 1000 + 86_400,
  ...more,
});

const sign = (claims: object, alg = "RS256", key = pair.privateKey) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg, kid: "k", typ: "JWT" }).sign(key);

async function personOf(token: string, by_access = true): Promise<Person | null> {
  vi.stubGlobal("fetch", async (url: string | URL) => {
    asked.push(String(url));
    return Response.json({ keys: [jwk] });
  });
  const shown: ShownPerson = { token, by_access };
  return verifyPerson(deploymentOf(TEAM), shown, { now: AT, later: () => undefined });
}

describe("Cloudflare Access", () => {
  test("publishes its keys at a place of its own, without discovery", async () => {
    const person = await personOf(await sign(login()));
    expect(person).toMatchObject({ iss: TEAM, email: "oda@corp.example", groups: new Set(["ops"]) });
    expect(asked).toEqual([`${TEAM}/cdn-cgi/access/certs`]);
  });

  test("brings the person's token in a header that is nobody else's", () => {
    const headers = new Headers({ "Cf-Access-Jwt-Assertion": "from-access", Authorization: "Bearer from-bearer" });
    const shown = (issuer: string) => shownPerson(deploymentOf(issuer), headers);
    expect(shown(TEAM)).toEqual({ token: "from-access", by_access: true });
    expect(shown("https://login.acme.example")).toEqual({ token: "from-bearer", by_access: false });
    expect(shown("https://acme.cloudflareaccess.com.evil.example")).toEqual({ token: "from-bearer", by_access: false });
    expect(shown("https://evilcloudflareaccess.com")).toEqual({ token: "from-bearer", by_access: false });
  });

  test.each<[string, object]>([
    ["a token of the whole organization", { type: "org" }],
    ["a token that doesn't say what it is for", { type: undefined }],
    ["an address that is said not to be verified", { email_verified: false }],
  ])("vouches for no address in %s", async (_, more) => {
    expect(await personOf(await sign(login(more)))).toMatchObject({ email: null, groups: new Set() });
  });

  test("vouches for no address outside of its header", async () => {
    expect(await personOf(await sign(login()), false)).toMatchObject({ email: null, groups: new Set() });
  });

  test.each<[string, object]>([
    ["of another application", { aud: ["another"] }],
    ["of another team", { iss: "https://evil.cloudflareaccess.com" }],
    [
      "of a service, which has no subject",
      { sub: "", email: undefined, common_name: "e367826f93b8d71185e03fe518aff3b4" },
    ],
    ["that has expired", { exp: AT / 1000 - 61 }],
  ])("a token %s is nobody's", async (_, more) => {
    expect(await personOf(await sign(login(more)))).toBeNull();
  });

  test("signs with RS256 and nothing else", async () => {
    const other = await generateKeyPair("ES256", { extractable: true });
    jwk = { ...(await exportJWK(other.publicKey)), kid: "k" };
    expect(await personOf(await sign(login(), "ES256", other.privateKey))).toBeNull();
  });
});
