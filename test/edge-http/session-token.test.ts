import { describe, expect, test } from "vitest";
import { type SessionClaims, signSessionToken, verifySessionToken } from "../../edge/identity/session-token.ts";
import type { OwnTokenScope } from "../../edge/identity/own-token.ts";

const START = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;

const claims: SessionClaims = {
  session: "ses_00000000000000000000000000",
  root: "ses_00000000000000000000000000",
  agent: "bot",
  environment: "production",
  chain: [{ session: "ses_00000000000000000000000000", agent: "bot" }],
  requester: null,
  gateway: null,
};

async function scopeOf(kids: readonly (readonly [kid: string, from: number])[]): Promise<OwnTokenScope> {
  const keys = await Promise.all(
    kids.map(async ([kid, from]) => {
      const algorithm = { name: "HMAC", hash: "SHA-256" };
      const secret = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
      return { from, key: { kid, secret: secret as CryptoKey } };
    }),
  );
  return { issuer: "urn:agentpolicy:edge", audience: "test", environment: "production", keys };
}

describe("a session token that was verified before", () => {
  test("is good until it expires, and tells the same", async () => {
    const scope = await scopeOf([["k1", 0]]);
    const { token, expires } = await signSessionToken(scope, claims, START);
    for (const at of [START, START + MINUTE, expires - 1])
      expect(await verifySessionToken(scope, token, at)).toEqual({ ok: true, claims });
    for (const at of [expires, expires + MINUTE])
      expect(await verifySessionToken(scope, token, at)).toEqual({ ok: false, expired: true });
    expect(await verifySessionToken(scope, token, expires, true)).toEqual({ ok: true, claims });
    expect(await verifySessionToken(scope, token, expires)).toEqual({ ok: false, expired: true });
  });

  test("is good for its own deployment only", async () => {
    const scope = await scopeOf([["k1", 0]]);
    const { token } = await signSessionToken(scope, claims, START);
    expect((await verifySessionToken(scope, token, START)).ok).toBe(true);
    for (const other of [await scopeOf([["k1", 0]]), { ...scope, audience: "other" }, { ...scope, keys: [] }])
      expect(await verifySessionToken(other, token, START)).toEqual({ ok: false, expired: false });
  });

  test("vouches for no other token", async () => {
    const scope = await scopeOf([["k1", 0]]);
    const { token } = await signSessionToken(scope, claims, START);
    expect((await verifySessionToken(scope, token, START)).ok).toBe(true);
    const [header = "", , signature = ""] = token.split(".");
    const payload = Buffer.from(JSON.stringify({ sub: "cat" })).toString("base64url");
    for (const changed of [`${header}.${payload}.${signature}`, `${token}A`, token.slice(0, -2), ` ${token}`])
      expect((await verifySessionToken(scope, changed, START)).ok).toBe(false);
  });
});
