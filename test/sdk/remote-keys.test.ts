/** Keys of the edge by their address: fetched once, again for an unknown key, and not at whoever's pace. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import canonicalize from "canonicalize";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey, JWK } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { redeemedAt, verify } from "../../sdk/permit.ts";
import type { VerifyOptions } from "../../sdk/permit.ts";
import { startTestEdge } from "../edge-http/edge-under-test.ts";

const ARGS = { order: "o-1" };

interface Published {
  readonly url: string;
  readonly fetched: () => number;
  readonly publish: (keys: readonly JWK[] | null) => void;
  readonly stop: () => Promise<void>;
}

async function publisher(): Promise<Published> {
  let [keys, fetched]: [readonly JWK[] | null, number] = [[], 0];
  const server = createServer((_, response) => {
    fetched += 1;
    response.writeHead(keys === null ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // What is kept of an address outlasts its test, and the next one may get the same port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${crypto.randomUUID()}/.well-known/jwks.json`,
    fetched: () => fetched,
    publish: (published) => {
      keys = published;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function newKey(kid: string): Promise<{ readonly key: CryptoKey; readonly jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "EdDSA", use: "sig" } };
}

function permitOf(key: CryptoKey, kid: string): Promise<string> {
  const args_sha256 = createHash("sha256")
    .update(canonicalize(ARGS) ?? "")
    .digest("hex");
  return new SignJWT({ sid: "ses_0", act: "pay", res: [], args_sha256, dec: "dec_0", policy: "sha256:0" })
    .setProtectedHeader({ alg: "EdDSA", typ: "agentpolicy-permit+jwt", kid })
    .setIssuer("https://policy.example")
    .setAudience("acme/production")
    .setSubject("bot")
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime("1m")
    .sign(key);
}

const options = (jwks: string | URL): VerifyOptions => ({
  args: ARGS,
  seen: new Set(),
  jwks,
  issuer: "https://policy.example",
  audience: "acme/production",
  action: "pay",
});

describe("a key set by its address", () => {
  let edge: Published;
  beforeEach(async () => {
    edge = await publisher();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await edge.stop();
  });

  test("is fetched once for many permits, and again for a new key", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const [old, next] = await Promise.all([newKey("old"), newKey("next")]);
    edge.publish([old.jwk]);
    for (let at = 0; at < 3; at += 1) await verify(await permitOf(old.key, "old"), options(edge.url));
    expect(edge.fetched()).toBe(1);
    edge.publish([next.jwk, old.jwk]);
    vi.setSystemTime(Date.now() + 31_000);
    expect(await verify(await permitOf(next.key, "next"), options(new URL(edge.url)))).toMatchObject({ sub: "bot" });
    expect(edge.fetched()).toBe(2);
  });

  test("isn't fetched again for each forged permit", async () => {
    const [own, forger] = await Promise.all([newKey("own"), newKey("forged")]);
    edge.publish([own.jwk]);
    await verify(await permitOf(own.key, "own"), options(edge.url));
    for (let at = 0; at < 5; at += 1) {
      const forged = await permitOf(forger.key, `forged-${at}`);
      await expect(verify(forged, options(edge.url))).rejects.toMatchObject({ problem: "bad_signature" });
    }
    await expect(verify(await permitOf(forger.key, "own"), options(edge.url))).rejects.toMatchObject({
      problem: "bad_signature",
    });
    expect(edge.fetched()).toBe(1);
  });

  test("that can't be had lets nothing pass", async () => {
    const own = await newKey("own");
    edge.publish(null);
    const problem = { problem: "keys_unreachable" };
    await expect(verify(await permitOf(own.key, "own"), options(edge.url))).rejects.toMatchObject(problem);
    const nobody = "http://127.0.0.1:9/.well-known/jwks.json";
    await expect(verify(await permitOf(own.key, "own"), options(nobody))).rejects.toMatchObject(problem);
  });

  test.each(["", "jwks.json", "http://policy.example/.well-known/jwks.json", "ftp://policy.example/x"])(
    "is no address: %j",
    async (jwks) => {
      await expect(verify("x.y.z", options(jwks))).rejects.toThrow(TypeError);
    },
  );
});

test("a service without a memory of its own lets the real edge remember", { timeout: 60_000 }, async () => {
  const edge = await startTestEdge();
  try {
    const args = { file: "a" };
    const { token } = await edge.open("bot");
    const permit = async () => (await edge.decide(token, { action: "files.read", args })).permit ?? "";
    const check = (text: string) =>
      verify(text, {
        args,
        seen: redeemedAt(edge.url, text),
        jwks: `${edge.url}/.well-known/jwks.json`,
        issuer: edge.url,
        audience: "test/development",
        action: "files.read",
      });
    const first = await permit();
    expect(await check(first)).toMatchObject({ act: "files.read" });
    await expect(check(first)).rejects.toMatchObject({ problem: "already_used" });
    const second = await permit();
    const operator = await edge.person("oda@corp.example");
    await edge.call("/v1/switches/agent/bot", { method: "PUT", token: operator, body: { reason: "x" } });
    await expect(check(second)).rejects.toMatchObject({ problem: "killed" });
  } finally {
    await edge.edge.stop();
  }
});
