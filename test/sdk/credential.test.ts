/** Agents and gateways that prove themselves in other ways than with a key, and people behind Cloudflare Access. */
import { describe, expect, test } from "vitest";
import { connect, connectPerson } from "../../sdk/index.ts";
import { allow, fakeEdge, KEY, opened } from "./fake-edge.ts";

const renewed = () => ({ status: 200, json: { token: "second-token", token_expires_at: "2099-01-01T00:00:00Z" } });

describe("a credential", () => {
  test("is asked for anew at each opening and renewal", async () => {
    await using edge = await fakeEdge({
      expires: "2020-01-01T00:00:00Z",
      open: (_, count) => (count === 1 ? { status: 503, text: "" } : opened("2020-01-01T00:00:00Z")),
      authorize: (one) => allow(one),
      token: renewed,
    });
    let count = 0;
    const credential = () => Promise.resolve(`token-${(count += 1)}`);
    const session = await connect({ edge: edge.url, agent: "billing_bot", credential }).open();
    await session.authorize("x.y");
    const shown = edge.seen
      .filter(({ path }) => path !== "/v1/authorize")
      .map(({ headers }) => headers["authorization"]);
    expect(shown).toEqual(["Bearer token-1", "Bearer token-2", "Bearer token-3"]);
  });

  test("that is `null` leaves it to the connection's certificate", async () => {
    await using edge = await fakeEdge({});
    await connect({ edge: edge.url, agent: "billing_bot", credential: () => null }).open();
    expect(edge.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  test.each([undefined, "", 7])("that gives %j is an error, and nothing is sent", async (given) => {
    await using edge = await fakeEdge({});
    const credential = (() => given) as () => string;
    await expect(connect({ edge: edge.url, agent: "billing_bot", credential }).open()).rejects.toThrow(TypeError);
    expect(edge.seen).toHaveLength(0);
  });

  test("stands beside no key, and there is one of the two", () => {
    const edge = "https://policy.example";
    expect(() => connect({ edge, agent: "a", key: KEY, credential: () => "x" })).toThrow(/not both/);
    expect(() => connect({ edge, agent: "a" })).toThrow(/`key` is missing/);
    expect(() => connect({ edge, agent: "a", credential: "x" as unknown as () => string })).toThrow(/a function/);
  });
});

test("a gateway signs as itself, and names the agent", async () => {
  await using edge = await fakeEdge({});
  const session = await connect({ edge: edge.url, agent: "billing_bot", gateway: "tools", key: KEY }).open();
  const [, claims = ""] = (edge.seen[0]?.headers["authorization"] ?? "").split(".");
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ iss: "tools", sub: "tools" });
  expect(edge.seen[0]?.body).toMatchObject({ agent: "billing_bot" });
  expect(session.agent).toBe("billing_bot");
});

test("a person's token of Cloudflare Access goes into its own header", async () => {
  await using edge = await fakeEdge({});
  await connectPerson({ edge: edge.url, token: "t", access: true })
    .switches()
    .catch(() => undefined);
  expect(edge.seen[0]?.headers).toMatchObject({ "cf-access-jwt-assertion": "t" });
  expect(edge.seen[0]?.headers).not.toHaveProperty("authorization");
});
