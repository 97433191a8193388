import { afterEach, describe, expect, test } from "vitest";
import { nextSequence } from "../../cli/deploy/running-edge.ts";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge, StartOptions } from "../../cli/local/start-edge.ts";
import { httpCall } from "../harness/http-call.ts";
import { makeAgents, startTestEdge, tableText } from "./edge-under-test.ts";

const started: LocalEdge[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((edge) => edge.stop()));
});

async function start(options: Partial<StartOptions> & Pick<StartOptions, "table">): Promise<LocalEdge> {
  const edge = await startEdge({ directory: null, ...options });
  started.push(edge);
  return edge;
}

const CALLS = [
  ["GET", "/healthz"],
  ["GET", "/.well-known/jwks.json"],
  ["POST", "/v1/sessions"],
  ["POST", "/v1/authorize"],
  ["GET", "/v1/switches"],
  ["GET", "/nowhere"],
] as const;

async function expectOnly503(edge: LocalEdge, why: RegExp): Promise<void> {
  for (const [method, path] of CALLS) {
    const reply = await httpCall(edge.url, path, { method });
    expect([path, reply.status, reply.body["type"]]).toEqual([path, 503, "urn:agentpolicy:problem:not_ready"]);
    expect(reply.body["detail"]).toMatch(why);
  }
}

describe("an edge that isn't whole answers 503 to everything", () => {
  const sound = makeAgents().then((agents) => tableText(agents));

  test("no table", async () => expectOnly503(await start({ table: "" }), /no decision table/));
  test("half a table", async () => {
    await expectOnly503(await start({ table: (await sound).slice(0, -200) }), /damaged/);
  });
  test("a flipped letter in a rule", async () => {
    const table = (await sound).replace("files/secret", "files/secrex");
    expect(table).not.toBe(await sound);
    await expectOnly503(await start({ table }), /damaged/);
  });
  test("a flipped digit in the places", async () => {
    const table = (await sound).replace(
      /("places":.*?\d)(\d)/s,
      (_, head: string, digit: string) => `${head}${(Number(digit) + 1) % 10}`,
    );
    expect(table).not.toBe(await sound);
    await expectOnly503(await start({ table }), /damaged/);
  });
  test("a table of another version", async () => {
    const table = (await sound).replace('"format":2', '"format":3');
    expect(table).not.toBe(await sound);
    await expectOnly503(await start({ table }), /version/);
  });
  test.each([
    ["SESSION_TOKEN_KEY", null],
    ["SESSION_TOKEN_KEY", "short"],
    ["SESSION_TOKEN_KEY_1795252800", "short"],
    ["PERMIT_KEY_1795252800", "{}"],
    ["PERMIT_KEY", null],
    ["PERMIT_KEY", "{}"],
    ["PERMIT_KEY", '{"kty":"OKP","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","d":"AAA"}'],
    ["PERMIT_KEY", JSON.stringify({ kty: "OKP", crv: "Ed25519", x: "A".repeat(43), d: `AAA${"B".repeat(40)}` })],
    ["CHECKPOINT_KEY", null],
    ["CHECKPOINT_KEY", "{}"],
    ["ARGS_MAC_KEY", null],
    ["DEPLOYMENT", null],
    ["DEPLOYMENT", '{"sequence":0,"environment":"development","origins":["http://x"]}'],
    ["DEVELOPMENT_ISSUER", "{"],
    ["DEVELOPMENT_ISSUER", '{"issuer":"x","jwks":{"keys":[{"kty":"OKP","d":"private"}]}}'],
  ])("%s = %s", async (name, value) => {
    const edge = await start({ table: await sound, bindings: { [name]: value } });
    await expectOnly503(edge, /missing|malformed|read/);
    expect((await httpCall(edge.url, "/healthz")).text).not.toContain("AAA");
  });

  test("a development issuer in an environment that isn't development", async () => {
    const DEPLOYMENT = JSON.stringify({ sequence: 1, environment: "production", origins: ["http://127.0.0.1"] });
    await expectOnly503(await start({ table: await sound, bindings: { DEPLOYMENT } }), /development issuer/);
  });
  test("an environment that the policy doesn't know", async () => {
    const DEPLOYMENT = JSON.stringify({ sequence: 1, environment: "staging", origins: ["http://127.0.0.1"] });
    const bindings = { DEPLOYMENT, DEVELOPMENT_ISSUER: null };
    await expectOnly503(await start({ table: await sound, bindings }), /environment/);
  });
});

describe("policies change under running sessions", () => {
  test("another table gets the next number, an older one too, and sessions go on under it", async () => {
    const edge = await startTestEdge();
    started.push(edge.edge);
    const { token } = await edge.open();
    const [first, second] = [tableText(edge.agents), tableText(edge.agents, { rules: "  never web.fetch" })];
    const ask = () => edge.decide(token, { action: "web.fetch", args: { url: "https://a.example/" } });
    expect(await ask()).toMatchObject({ decision: "allow", sequence: 1 });
    await edge.edge.reload(second);
    expect(await ask()).toMatchObject({ decision: "deny", reason: "rule", sequence: 2 });
    await edge.edge.reload(second);
    expect(edge.edge.sequence()).toBe(2);
    await edge.edge.reload(first);
    expect(await ask()).toMatchObject({ decision: "allow", sequence: 3 });
    expect((await edge.call("/healthz")).body).toMatchObject({ ok: true, sequence: 3 });
  });

  test("an older sequence than a session has seen is refused and spends nothing", async () => {
    const edge = await startTestEdge({ sequence: 5 });
    started.push(edge.edge);
    const { token } = await edge.open();
    const DEPLOYMENT = JSON.stringify({ sequence: 4, environment: "development", origins: [edge.url] });
    await edge.edge.reload(tableText(edge.agents), { DEPLOYMENT });
    const reply = await edge.authorize(token, { action: "pay", args: { to: "kim", amount: 1 } });
    expect([reply.status, reply.body["type"]]).toEqual([503, "urn:agentpolicy:problem:policy_stale"]);
    expect(reply.headers.get("Retry-After")).toBe("1");
  });

  test("a deploy takes one more than any policy had, also where an older Worker was put back", async () => {
    const edge = await startTestEdge({ sequence: 5 });
    started.push(edge.edge);
    await edge.open();
    const table = tableText(edge.agents);
    const { policy_hash: hash } = (await edge.call("/healthz")).body as { policy_hash: string };
    expect(await nextSequence(edge.url, hash, false)).toBe(5);
    expect(await nextSequence(edge.url, "sha256:another", false)).toBe(6);
    const DEPLOYMENT = JSON.stringify({ sequence: 3, environment: "development", origins: [edge.url] });
    await edge.edge.reload(table, { DEPLOYMENT });
    expect((await edge.call("/healthz")).body).toMatchObject({ policy_hash: hash, sequence: 3 });
    expect((await edge.call("/v1/policy/sequence")).body).toEqual({ sequence: 5 });
    expect(await nextSequence(edge.url, hash, false)).toBe(6);
  });

  test("a deploy isn't numbered where no edge answers, unless it is the first", async () => {
    const nowhere = "http://127.0.0.1:9";
    await expect(nextSequence(nowhere, "sha256:any", false)).rejects.toThrow(`no edge answers at ${nowhere}`);
    expect(await nextSequence(nowhere, "sha256:any", true)).toBe(1);
  });
});
