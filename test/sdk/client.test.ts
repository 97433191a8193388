/** Opening sessions, and keeping them. */
import { describe, expect, test } from "vitest";
import {
  connect,
  connectGateway,
  connectPerson,
  EdgeUnreachable,
  InvalidKey,
  Killed,
  Unauthenticated,
  UnexpectedAnswer,
} from "../../sdk/index.ts";
import { allow, deny, fakeEdge, KEY, open, opened } from "./fake-edge.ts";

describe("sessions", () => {
  test("a token is renewed before it ends, and only once for many calls", async () => {
    await using edge = await fakeEdge({
      expires: "2020-01-01T00:00:00Z",
      authorize: (one) => allow(one),
      token: () => ({ status: 200, json: { token: "second-token", token_expires_at: "2099-01-01T00:00:00Z" } }),
    });
    const session = await open(edge);
    await Promise.all([session.authorize("x.y"), session.authorize("x.y"), session.authorize("x.y")]);
    const renewals = edge.seen.filter((one) => one.path === "/v1/session/token");
    expect(renewals).toHaveLength(1);
    expect(renewals[0]?.headers["session-token"]).toBe("first-token");
    const asked = edge.seen.filter((one) => one.path === "/v1/authorize");
    expect(asked.map((one) => one.headers["authorization"])).toEqual(Array(3).fill("Bearer second-token"));
  });

  test("a token that ended unnoticed is renewed once", async () => {
    await using edge = await fakeEdge({
      authorize: (one) =>
        one.headers["authorization"] === "Bearer second-token"
          ? allow(one)
          : { status: 401, json: { detail: "expired" } },
      token: () => ({ status: 200, json: { token: "second-token", token_expires_at: "2099-01-01T00:00:00Z" } }),
    });
    const session = await open(edge);
    expect(await session.authorize("x.y")).toMatchObject({ decision: "allow" });
  });

  test("a credential that isn't accepted is an error, not a loop", async () => {
    await using edge = await fakeEdge({
      authorize: () => ({ status: 401, json: { detail: "no" } }),
      token: () => ({ status: 401, json: { detail: "the key isn't the policy's" } }),
    });
    const session = await open(edge);
    await expect(session.authorize("x.y")).rejects.toThrow(Unauthenticated);
    expect(edge.seen).toHaveLength(3);
  });

  test("a refused opening is a denial", async () => {
    await using edge = await fakeEdge({ open: () => deny("killed") });
    await expect(open(edge)).rejects.toThrow(Killed);
  });

  test("a session for another agent isn't taken", async () => {
    await using edge = await fakeEdge({
      open: () => {
        const answer = opened() as { status: number; json: { session: object } };
        return { status: 201, json: { ...answer.json, session: { ...answer.json.session, agent: "sales_bot" } } };
      },
    });
    await expect(open(edge)).rejects.toThrow(UnexpectedAnswer);
  });

  test("a requester's token is sent once, since it opens one session", async () => {
    await using edge = await fakeEdge({ open: () => "reset" });
    const client = connect({ edge: edge.url, agent: "billing_bot", key: KEY });
    await expect(client.open({ requesterToken: "t" })).rejects.toThrow(EdgeUnreachable);
    expect(edge.seen).toHaveLength(1);
  });

  test("each opening carries a credential of its own", async () => {
    await using edge = await fakeEdge({ open: (_, count) => (count === 1 ? { status: 503, text: "" } : opened()) });
    await open(edge);
    expect(new Set(edge.seen.map((one) => one.headers["authorization"])).size).toBe(2);
  });
});

describe("connect", () => {
  for (const edge of ["http://policy.example", "ftp://policy.example", "policy.example", ""]) {
    test(`refuses \`${edge}\` as an address`, () => {
      expect(() => connect({ edge, agent: "a", key: KEY })).toThrow(TypeError);
    });
  }

  for (const edge of ["localhost:8787", "policy.example", "ftp://policy.example", ""]) {
    test(`says how an address is written where \`${edge}\` isn't one`, () => {
      const message = `\`${edge}\` is not a URL of an edge; write it as \`https://policy.example\``;
      expect(() => connect({ edge, agent: "a", key: KEY })).toThrow(message);
    });
  }

  for (const [name, key] of [
    ["an RSA key", { kty: "RSA" }],
    ["a public key", { kty: "OKP", crv: "Ed25519", x: KEY.x }],
    ["a short seed", "AAAA"],
    ["JSON that isn't", "{"],
    ["a seed with strange characters", "!".repeat(43)],
    ["a path", ".agentpolicy/keys/a.jwk"],
  ] as const) {
    test(`${name} doesn't open a session, and isn't quoted`, async () => {
      const client = connect({ edge: "http://127.0.0.1:9", agent: "a", key });
      const error = await client.open().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InvalidKey);
      expect(String(error)).toMatch(/the agent's key/);
      if (typeof key === "string" && key.length > 1) expect(String(error)).not.toContain(key);
    });
  }

  test("a path given as the key is told for one", async () => {
    const client = connect({ edge: "http://127.0.0.1:9", agent: "a", key: ".agentpolicy/keys/a.jwk" });
    await expect(client.open()).rejects.toThrow(/looks like a path: give the text of that file/);
  });

  test("a time-out that can't be is refused by everybody who connects", () => {
    const edge = "https://policy.example";
    for (const timeout of [0, -1, Number.NaN, 600_001]) {
      expect(() => connect({ edge, agent: "a", key: KEY, timeout })).toThrow("`timeout`");
      expect(() => connectGateway({ edge, gateway: "g", key: KEY, timeout })).toThrow("`timeout`");
      expect(() => connectPerson({ edge, token: "t", timeout })).toThrow("`timeout`");
    }
  });

  for (const key of [undefined, null, "", " \n"]) {
    test(`${JSON.stringify(key)} as a key is one that is missing`, () => {
      const missing = () => connect({ edge: "http://127.0.0.1:9", agent: "first_agent", key: key as never });
      expect(missing).toThrow("`key` is missing: give the text of `.agentpolicy/keys/first_agent.jwk`");
      expect(missing).toThrow(InvalidKey);
    });
  }

  for (const [name, key] of [
    ["a JWK", KEY],
    ["its JSON", JSON.stringify(KEY)],
    ["the seed in base64url", KEY.d],
  ] as const) {
    test(`${name} signs an assertion for this edge`, async () => {
      await using edge = await fakeEdge({});
      await connect({ edge: edge.url, agent: "billing_bot", key }).open();
      const assertion = String(edge.seen[0]?.headers["authorization"]).replace("Bearer ", "");
      const { importJWK, jwtVerify } = await import("jose");
      const publicKey = await importJWK({ kty: "OKP", crv: "Ed25519", x: KEY.x }, "EdDSA");
      const { payload } = await jwtVerify(assertion, publicKey, { audience: edge.url, issuer: "billing_bot" });
      expect(payload).toMatchObject({ sub: "billing_bot" });
      expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
    });
  }
});
