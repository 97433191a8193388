import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, describe, expect, test, vi } from "vitest";
import { issuerKeys } from "../../edge/identity/issuer-keys.ts";
import { verifyOidcToken } from "../../edge/identity/oidc-token.ts";
import { personToken } from "../../edge/identity/people.ts";
import type { Deployment } from "../../edge/deployment.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const TEAM = "https://acme.cloudflareaccess.com";

function deploymentOf(issuer: string): Deployment {
  return {
    table: { body: { settings: { people: { issuer, audience: "a" }, requesters: null } } },
  } as unknown as Deployment;
}

describe("Cloudflare Access", () => {
  test("publishes its keys at a place of its own, without discovery", async () => {
    const pair = await generateKeyPair("RS256", { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k", alg: "RS256" };
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: string | URL) => {
      asked.push(String(url));
      return Response.json({ keys: [jwk] });
    });
    const at = Date.UTC(2026, 0, 5, 12);
    const token = await new SignJWT({ iss: TEAM, aud: ["a"], sub: "u", iat: at / 1000, exp: at / 1000 + 60 })
      .setProtectedHeader({ alg: "RS256", kid: "k" })
      .sign(pair.privateKey);
    const trusted = { issuer: TEAM, audience: "a", never: null, keys: () => issuerKeys(TEAM) };
    expect(await verifyOidcToken(token, trusted, at)).toMatchObject({ sub: "u" });
    expect(asked).toEqual([`${TEAM}/cdn-cgi/access/certs`]);
  });

  test("brings the person's token in a header that is nobody else's", () => {
    const headers = new Headers({ "Cf-Access-Jwt-Assertion": "from-access", Authorization: "Bearer from-bearer" });
    expect(personToken(deploymentOf(TEAM), headers)).toBe("from-access");
    expect(personToken(deploymentOf("https://login.acme.example"), headers)).toBe("from-bearer");
    expect(personToken(deploymentOf("https://acme.cloudflareaccess.com.evil.example"), headers)).toBe("from-bearer");
  });
});

test("an issuer that isn't https has no keys, unless it is on this machine", async () => {
  await expect(issuerKeys("http://login.acme.example")).rejects.toThrow();
  await expect(issuerKeys("http://127.0.0.1.evil.example")).rejects.toThrow();
});
