import { afterEach, describe, expect, test, vi } from "vitest";
import { isLoopback } from "../../edge/identity/fetch-issuer.ts";
import { issuerKeys } from "../../edge/identity/issuer-keys.ts";
import { IssuerUnreachable, verifyOidcToken } from "../../edge/identity/oidc-token.ts";
import { startIdentityProvider } from "./identity-provider.ts";
import type { IdentityProvider, ProviderOptions } from "./identity-provider.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 5, 12);

const started: IdentityProvider[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const provider of started.splice(0)) await provider.stop();
});

let made = 0;

/** Under an address of its own: what is kept of an issuer outlasts its test, and the next one may get the same port. */
async function start(options: ProviderOptions = {}): Promise<IdentityProvider> {
  vi.spyOn(console, "error").mockReturnValue();
  made += 1;
  const provider = await startIdentityProvider({ path: `/${made}`, ...options });
  started.push(provider);
  return provider;
}

/** What becomes of a token at a time: `yes`, `no`, or that nobody knows. Whatever goes on behind the answer is awaited. */
async function judge(provider: IdentityProvider, at: number, header: object = {}): Promise<string> {
  const token = await provider.sign(claims(at), header);
  return judgeToken(provider, token, at);
}

function claims(at: number): Record<string, unknown> {
  return { sub: "u", aud: "a", iat: at / 1000, exp: at / 1000 + 60 };
}

async function judgeToken({ issuer }: IdentityProvider, token: string, now: number): Promise<string> {
  const behind: Promise<void>[] = [];
  const moment = { now, later: (work: Promise<void>) => void behind.push(work) };
  const keys = () => issuerKeys(issuer, true, moment);
  const trusted = { issuer, audiences: ["a"], never: [], longest_life: null, keys };
  try {
    return (await verifyOidcToken(token, trusted, now)) === null ? "no" : "yes";
  } catch (error) {
    if (!(error instanceof IssuerUnreachable)) throw error;
    return "unknown";
  } finally {
    await Promise.all(behind);
  }
}

describe("an issuer's keys are kept", () => {
  test("for ten minutes, then used while they are fetched again", async () => {
    const provider = await start();
    expect(await judge(provider, START)).toBe("yes");
    expect(await judge(provider, START + 10 * MINUTE - SECOND)).toBe("yes");
    expect(provider.keyRequests()).toBe(1);
    const old = await provider.sign(claims(START + 10 * MINUTE));
    await provider.rotate("k2");
    expect(await judgeToken(provider, old, START + 10 * MINUTE)).toBe("yes");
    expect(provider.keyRequests()).toBe(2);
    expect(await judgeToken(provider, old, START + 10 * MINUTE)).toBe("no");
    expect(await judge(provider, START + 10 * MINUTE)).toBe("yes");
    expect(provider.keyRequests()).toBe(2);
  });

  test("but after an hour nothing counts before they are fetched again", async () => {
    const provider = await start();
    expect(await judge(provider, START)).toBe("yes");
    const old = await provider.sign(claims(START + HOUR));
    await provider.rotate("k2");
    expect(await judgeToken(provider, old, START + HOUR)).toBe("no");
    expect(provider.keyRequests()).toBe(2);
  });

  test("for a day at most while the issuer doesn't answer", async () => {
    const provider = await start();
    expect(await judge(provider, START)).toBe("yes");
    provider.answerWith((_, response) => response.writeHead(500).end());
    expect(await judge(provider, START + 23 * HOUR)).toBe("yes");
    expect(await judge(provider, START + 24 * HOUR)).toBe("unknown");
    provider.answerWith(null);
    expect(await judge(provider, START + 24 * HOUR + 5 * SECOND)).toBe("yes");
  });
});

test("of fifty that ask an isolate without keys at once, all are served", async () => {
  const provider = await start();
  const answers = await Promise.all(Array.from({ length: 50 }, () => judge(provider, START)));
  expect(new Set(answers)).toEqual(new Set(["yes"]));
});

describe("an unknown key id", () => {
  test("fetches once, and again after half a minute at the earliest", async () => {
    const provider = await start();
    expect(await judge(provider, START)).toBe("yes");
    expect(await judge(provider, START + 29 * SECOND, { kid: "x" })).toBe("no");
    expect(provider.keyRequests()).toBe(1);
    expect(await judge(provider, START + 31 * SECOND, { kid: "x" })).toBe("no");
    expect(provider.keyRequests()).toBe(2);
    for (let at = 0; at < 20; at++)
      expect(await judge(provider, START + (32 + at) * SECOND, { kid: `x${at}` })).toBe("no");
    expect(provider.keyRequests()).toBe(2);
  });

  test("of a key that is new is found at once", async () => {
    const provider = await start();
    expect(await judge(provider, START)).toBe("yes");
    await provider.rotate("k2");
    expect(await judge(provider, START + MINUTE)).toBe("yes");
    expect(provider.keyRequests()).toBe(2);
  });

  test("asked for by many at once makes few fetches, and those that aren't served know nothing", async () => {
    const provider = await start();
    expect(await judge(provider, START)).toBe("yes");
    const at = START + MINUTE;
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, number) => provider.sign(claims(at), { kid: `x${number}` })),
    );
    // Eight fetch, and are answered when all others have been told.
    const others = Promise.withResolvers<void>();
    provider.waitFor(others.promise);
    let told = 0;
    const answers = tokens.map(async (token) => {
      const answer = await judgeToken(provider, token, at);
      if (++told === 50 - 8) others.resolve();
      return answer;
    });
    expect((await Promise.all(answers)).toSorted()).toEqual([...Array(8).fill("no"), ...Array(42).fill("unknown")]);
    expect(provider.keyRequests()).toBe(1 + 8);
    expect(await judge(provider, START + MINUTE)).toBe("yes");
  });
});

describe("an issuer that answers as it shouldn't lets nobody in", () => {
  test.each<[string, Parameters<IdentityProvider["answerWith"]>[0]]>([
    ["an error", (_, response) => response.writeHead(503).end("{}")],
    ["no JSON", (_, response) => response.writeHead(200).end("<html>")],
    ["no keys", (_, response) => response.writeHead(200).end("{}")],
    ["a redirect", (_, response) => response.writeHead(302, { Location: "http://127.0.0.1:1/keys" }).end()],
    ["too much", (_, response) => response.writeHead(200).end(`{"keys":[],"x":"${"x".repeat(300_000)}"}`)],
  ])("%s", async (_, answer) => {
    const provider = await start();
    provider.answerWith(answer);
    expect(await judge(provider, START)).toBe("unknown");
    provider.answerWith(null);
    expect(await judge(provider, START + SECOND)).toBe("unknown");
    expect(await judge(provider, START + 5 * SECOND)).toBe("yes");
  });

  test("a redirect to its own keys isn't followed either", async () => {
    const provider = await start();
    const other = await start();
    provider.answerWith((path, response) => response.writeHead(307, { Location: `${other.issuer}${path}` }).end());
    expect(await judge(provider, START)).toBe("unknown");
    expect(other.keyRequests()).toBe(0);
  });

  test("a discovery document of another issuer", async () => {
    const provider = await start();
    provider.claimToBe(`${provider.issuer}/`);
    expect(await judge(provider, START)).toBe("unknown");
    expect(provider.keyRequests()).toBe(0);
  });

  test("keys at a place without TLS that isn't this machine", async () => {
    const provider = await start();
    provider.answerWith((_, response) =>
      response.end(JSON.stringify({ issuer: provider.issuer, jwks_uri: "http://keys.example/keys" })),
    );
    expect(await judge(provider, START)).toBe("unknown");
  });

  test("one without TLS, unless both it and this edge are on one machine", async () => {
    const provider = await start();
    const moment = { now: START, later: () => undefined };
    await expect(issuerKeys(provider.issuer, false, moment)).rejects.toThrow(IssuerUnreachable);
    await expect(issuerKeys("http://login.acme.example", true, moment)).rejects.toThrow(IssuerUnreachable);
    await expect(issuerKeys("http://127.0.0.1.evil.example", true, moment)).rejects.toThrow(IssuerUnreachable);
    expect(["http://localhost:1", "http://[::1]", "http://127.0.0.1/x"].every(isLoopback)).toBe(true);
    expect(["http://127.0.0.2", "https://localhost.example", "localhost", ""].some(isLoopback)).toBe(false);
  });
});

describe("an issuer signs with what it says that it signs with", () => {
  test.each<[string, readonly string[] | undefined, string]>([
    ["it is silent", undefined, "yes"],
    ["it names the algorithm", ["HS256", "RS256", "none"], "yes"],
    ["it names another", ["ES256"], "no"],
    ["it names none that is asymmetric", ["HS256", "none"], "no"],
  ])("where %s", async (_, stated, expected) => {
    const provider = await start(stated === undefined ? {} : { stated });
    expect(await judge(provider, START)).toBe(expected);
  });

  test("a key that is too short, or no key, verifies nothing", async () => {
    const provider = await start();
    const short = { kty: "RSA", n: "AQAB", e: "AQAB", kid: "short" };
    provider.publish([short, { kty: "oct", k: "c2VjcmV0", kid: "secret" }, { kty: "RSA", kid: "broken" }]);
    for (const kid of ["short", "broken", "secret"]) expect(await judge(provider, START, { kid })).toBe("no");
    expect(await judge(provider, START)).toBe("yes");
  });
});
