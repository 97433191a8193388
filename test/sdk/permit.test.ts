/** The executing service's check: a permit is good for these arguments, now, and once. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { base64url, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import type { JWK } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { PermitError, verify } from "../../sdk/permit.ts";
import type { PermitProblem, VerifyOptions } from "../../sdk/permit.ts";

const ARGS = { order: "o-1", amount: "80.00" };
const NOW = Date.UTC(2026, 10, 21, 12);
const IAT = NOW / 1000;

let privateKey: Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];
let jwk: JWK;
let other: Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

beforeAll(async () => {
  const pair = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  privateKey = pair.privateKey;
  jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "EdDSA", use: "sig" };
  other = (await generateKeyPair("EdDSA", { crv: "Ed25519" })).privateKey;
});

const claims = (): Record<string, unknown> => ({
  iss: "https://policy.example",
  aud: "acme/production",
  sub: "billing_bot",
  sid: "ses_0",
  act: "payments.refund",
  res: ["payments/o-1"],
  args_sha256: sha256(ARGS),
  dec: "dec_0",
  jti: "pmt_0",
  policy: "sha256:0",
  iat: IAT,
  exp: IAT + 60,
});

const sha256 = (value: unknown): string =>
  createHash("sha256")
    .update(canonicalize(value) ?? "")
    .digest("hex");

const sign = (changes: Record<string, unknown> = {}, header: object = {}, key = privateKey): Promise<string> =>
  new SignJWT({ ...claims(), ...changes })
    .setProtectedHeader({ alg: "EdDSA", typ: "agentpolicy-permit+jwt", kid: "k1", ...header })
    .sign(key);

const options = (changes: Partial<VerifyOptions> = {}): VerifyOptions => ({
  args: ARGS,
  seen: new Set(),
  jwks: { keys: [jwk] },
  issuer: "https://policy.example",
  audience: "acme/production",
  action: "payments.refund",
  now: NOW + 1000,
  ...changes,
});

async function problem(permit: string, changes: Partial<VerifyOptions> = {}): Promise<PermitProblem | null> {
  try {
    await verify(permit, options(changes));
    return null;
  } catch (error) {
    if (error instanceof PermitError) return error.problem;
    throw error;
  }
}

test("a permit for these arguments gives its claims", async () => {
  expect(await verify(await sign(), options())).toMatchObject({
    sub: "billing_bot",
    sid: "ses_0",
    res: ["payments/o-1"],
  });
});

test("the order of the arguments' members doesn't matter, their values do", async () => {
  expect(await problem(await sign(), { args: { amount: "80.00", order: "o-1" } })).toBeNull();
  expect(await problem(await sign(), { args: { amount: "80.01", order: "o-1" } })).toBe("wrong_arguments");
  expect(await problem(await sign(), { args: { ...ARGS, extra: true } })).toBe("wrong_arguments");
});

describe("what isn't a good permit", () => {
  const cases: readonly (readonly [string, () => Promise<string>, PermitProblem])[] = [
    ["from another edge", () => sign({ iss: "https://evil.example" }), "wrong_issuer"],
    ["for another deployment", () => sign({ aud: "acme/staging" }), "wrong_audience"],
    ["for several deployments", () => sign({ aud: ["acme/production", "x"] }), "wrong_audience"],
    ["for another action", () => sign({ act: "payments.read" }), "wrong_action"],
    ["a minute old", () => sign({ iat: IAT - 60, exp: IAT }), "expired"],
    ["from the future", () => sign({ nbf: IAT + 3600, exp: IAT + 7200 }), "not_yet_valid"],
    ["without an end", () => sign({ exp: undefined }), "malformed"],
    ["without an id", () => sign({ jti: undefined }), "malformed"],
    ["with an id that is no text", () => sign({ jti: 7 }), "malformed"],
    ["signed by somebody else", () => sign({}, {}, other), "bad_signature"],
    ["under an unknown key", () => sign({}, { kid: "k2" }), "bad_signature"],
    ["of another type of token", () => sign({}, { typ: "JWT" }), "malformed"],
    ["with a byte changed", async () => flip(await sign()), "bad_signature"],
    ["unsigned", async () => new UnsecuredJWT(claims()).encode(), "bad_signature"],
    ["signed with the public key as a secret", () => forged(), "bad_signature"],
    ["no token at all", async () => "yes", "malformed"],
  ];
  for (const [name, make, expected] of cases) {
    test(name, async () => {
      expect(await problem(await make())).toBe(expected);
    });
  }
});

describe("once", () => {
  test("the second time is refused", async () => {
    const seen = new Set<string>();
    const permit = await sign();
    expect(await problem(permit, { seen })).toBeNull();
    expect(await problem(permit, { seen })).toBe("already_used");
  });

  test("of many at the same time one gets through", async () => {
    const seen = new Set<string>();
    const permit = await sign();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => problem(permit, { seen })));
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(1);
  });

  test("a permit that fails otherwise isn't used up", async () => {
    const seen = new Set<string>();
    const permit = await sign();
    expect(await problem(permit, { seen, args: {} })).toBe("wrong_arguments");
    expect(await problem(permit, { seen })).toBeNull();
  });

  test("`seen` is told when it may forget", async () => {
    const told: unknown[] = [];
    await verify(await sign(), options({ seen: (...given) => told.push(given) === 0 }));
    expect(told).toEqual([["pmt_0", IAT + 60]]);
  });

  test("a `seen` that fails, or says nothing, refuses", async () => {
    expect(await problem(await sign(), { seen: () => Promise.reject(new Error("store is down")) })).toBe("seen_failed");
    expect(await problem(await sign(), { seen: (() => undefined) as never })).toBe("already_used");
  });

  test("it can't be left out", async () => {
    await expect(verify(await sign(), options({ seen: undefined as never }))).rejects.toThrow(/needs `seen`/);
  });
});

test("everything that is missing is said at once", async () => {
  const nothing = { args: ARGS } as unknown as VerifyOptions;
  await expect(verify(await sign(), nothing)).rejects.toThrow(
    /needs `seen`.*`jwks`.*`key`.*`issuer`.*`audience`.*`action`/,
  );
});

test("one key does as well as a set of them, and neither is an error", async () => {
  const { kid: _, ...key } = jwk;
  const { jwks: __, ...without } = options();
  expect(await verify(await sign(), { ...without, key })).toMatchObject({ jti: "pmt_0" });
  await expect(verify(await sign(), without)).rejects.toThrow(TypeError);
});

function flip(permit: string): string {
  const [header = "", payload = "", signature = ""] = permit.split(".");
  const text = new TextDecoder().decode(base64url.decode(payload)).replace("billing_bot", "killing_bot");
  return `${header}.${base64url.encode(text)}.${signature}`;
}

function forged(): Promise<string> {
  return new SignJWT(claims())
    .setProtectedHeader({ alg: "HS256", typ: "agentpolicy-permit+jwt", kid: "k1" })
    .sign(base64url.decode(jwk.x ?? ""));
}
