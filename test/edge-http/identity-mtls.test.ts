/** Client certificates, as the platform's fields tell them: `MF-CF-Blob` is how the local runtime is given `request.cf`. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeKeys, signAssertion } from "../harness/agent-keys.ts";
import type { AgentKeys } from "../harness/agent-keys.ts";
import { identityPolicy, startProduction } from "./run-production.ts";
import type { Production } from "./run-production.ts";

const WIRE = "ec7904cd327ffa16e8946ad64084cc5149b8fc2454ed4b9dbc93e2d02d29be2e";
const OTHER = "0c7904cd327ffa16e8946ad64084cc5149b8fc2454ed4b9dbc93e2d02d29be2e";
const NOBODY = "1".repeat(64);

/** As Cloudflare sends it for a certificate that it has verified. */
const verified = {
  certPresented: "1",
  certVerified: "SUCCESS",
  certRevoked: "0",
  certIssuerDN: "CN=agents",
  certSubjectDN: "CN=wire",
  certFingerprintSHA1: "6b5e1f6d1d5b4b8d7c3f5b8f0c4a7c8f9e0d1c2b",
  certFingerprintSHA256: WIRE,
};

let keys: AgentKeys;
let policy: string;
let production: Production;

beforeAll(async () => {
  keys = await makeKeys<string>(["wire", "both", "plain"]);
  const key = (name: string) => `  identity key ed25519 "${keys.public.get(name) ?? ""}"`;
  policy = identityPolicy([
    { name: "wire", lines: `  identity mtls sha256 "${WIRE}"` },
    { name: "both", lines: `${key("both")}\n  identity mtls sha256 "${OTHER}"` },
    { name: "plain", lines: key("plain") },
  ]);
  production = await startProduction(policy);
});
afterAll(() => production.edge.stop());

const cf = (tlsClientAuth: unknown) => ({ "MF-CF-Blob": JSON.stringify({ country: "DE", tlsClientAuth }) });
const assertion = (name: string) => {
  const key = keys.keys.get(name);
  if (key === undefined) throw new Error(`no key of ${name}`);
  return signAssertion(production.url, name, key);
};

describe("a client certificate alone", () => {
  test("is its agent's, each time anew", async () => {
    for (let at = 0; at < 3; at++) expect(await production.open({ headers: cf(verified) })).toEqual([201, "wire"]);
  });

  test("renews its agent's session and no other's", async () => {
    const opened = await production.call("/v1/sessions", { method: "POST", body: {}, headers: cf(verified) });
    const session = String(opened.body["token"]);
    const renew = async (fingerprint: string) => {
      const headers = { ...cf({ ...verified, certFingerprintSHA256: fingerprint }), "Session-Token": session };
      return (await production.call("/v1/session/token", { method: "POST", headers })).status;
    };
    expect([await renew(WIRE), await renew(OTHER), await renew(NOBODY)]).toEqual([200, 403, 401]);
    await production.call("/v1/session", { method: "DELETE", token: session });
  });

  test.each([
    WIRE.toUpperCase(),
    (WIRE.match(/../g) ?? []).join(":"),
    (WIRE.toUpperCase().match(/../g) ?? []).join(":"),
  ])("may be written %s by the platform", async (certFingerprintSHA256) => {
    expect(await production.open({ headers: cf({ ...verified, certFingerprintSHA256 }) })).toEqual([201, "wire"]);
  });

  test.each<[string, object]>([
    ["that didn't verify", { certVerified: "FAILED:self signed certificate" }],
    ["that the platform didn't look at", { certVerified: "NONE" }],
    ["of which nobody says that it verified", { certVerified: undefined }],
    ["that verified in other letters", { certVerified: "success" }],
    ["that is said to have verified with more", { certVerified: "SUCCESS: almost" }],
    ["that is revoked", { certRevoked: "1" }],
    ["of which nobody says that it isn't revoked", { certRevoked: undefined }],
    ["that isn't revoked by a number", { certRevoked: 0 }],
    ["of nobody", { certFingerprintSHA256: NOBODY }],
    ["without a fingerprint", { certFingerprintSHA256: "" }],
    ["with a fingerprint of another kind", { certFingerprintSHA256: verified.certFingerprintSHA1 }],
    ["with half a fingerprint", { certFingerprintSHA256: WIRE.slice(0, 32) }],
    ["with a fingerprint and more", { certFingerprintSHA256: `${WIRE}00` }],
    ["with a list of fingerprints", { certFingerprintSHA256: [WIRE] }],
  ])("%s opens nothing", async (_, more) => {
    expect(await production.open({ headers: cf({ ...verified, ...more }) })).toEqual([401, null]);
  });

  test("that isn't in the platform's place opens nothing", async () => {
    for (const tls of [null, "SUCCESS", [verified], { clientAuth: verified }])
      expect(await production.open({ headers: cf(tls) })).toEqual([401, null]);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["Cloudflare's own", { "cf-client-cert-sha256": WIRE, "cf-cert-verified": "true", "cf-cert-revoked": "false" }],
    ["Cloudflare's certificate", { "cf-client-cert-der-base64": "MIIB", "cf-client-cert-sha256": WIRE }],
    ["Envoy's", { "x-forwarded-client-cert": `Hash=${WIRE};Subject="CN=wire"` }],
    ["nginx's", { "x-ssl-client-verify": "SUCCESS", "x-ssl-client-fingerprint": WIRE }],
    ["RFC 9440's", { "client-cert": ":MIIB:" }],
    ["one that looks like the platform's place", { "cf-tlsclientauth": JSON.stringify(verified) }],
  ])("in a header, %s, is anybody's", async (_, headers) => {
    expect(await production.open({ headers })).toEqual([401, null]);
  });

  test("isn't a person's, and no session's", async () => {
    for (const path of ["/v1/switches", "/v1/session", "/v1/sessions", "/v1/policy"])
      expect((await production.call(path, { headers: cf(verified) })).status).toBe(401);
  });
});

describe("a certificate beside a credential", () => {
  const together = async (name: string, tls: object) =>
    production.open({ token: await assertion(name), headers: cf({ ...verified, ...tls }) });

  test("must be the same agent's", async () => {
    expect(await together("both", { certFingerprintSHA256: OTHER })).toEqual([201, "both"]);
    expect(await together("both", { certFingerprintSHA256: WIRE })).toEqual([401, null]);
    expect(await together("plain", { certFingerprintSHA256: WIRE })).toEqual([401, null]);
  });

  test("must be sound when it is an agent's", async () => {
    expect(await together("both", { certFingerprintSHA256: OTHER, certRevoked: "1" })).toEqual([401, null]);
    expect(await together("both", { certFingerprintSHA256: OTHER, certVerified: "NONE" })).toEqual([401, null]);
  });

  test("that the policy doesn't know is whatever stands in front of the edge's", async () => {
    expect(await together("plain", { certFingerprintSHA256: NOBODY })).toEqual([201, "plain"]);
  });

  test("doesn't make up for a credential that isn't good", async () => {
    for (const authorization of ["Bearer x.y.z", "Basic d2lyZTo=", "Bearer"])
      expect(await production.open({ headers: { ...cf(verified), authorization } })).toEqual([401, null]);
  });
});

test("at the development edge nothing stands in front that could vouch for a certificate", async () => {
  const DEPLOYMENT = JSON.stringify({ sequence: 90, environment: "development", origins: [production.url] });
  await production.reload(policy, { DEPLOYMENT });
  expect(await production.open({ headers: cf(verified) })).toEqual([401, null]);
});
