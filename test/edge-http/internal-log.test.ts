/** What the edge's log says of a request that failed: enough to find it, and no words of the caller. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import type { Env } from "../../edge/deployment.ts";
import { createApp } from "../../edge/http/app.ts";
import { makeAgents, tableText } from "./edge-under-test.ts";

afterEach(() => vi.restoreAllMocks());

/** A platform on which the Worker's own code throws in the middle of a request, and then no more. */
function failingOnce(): Pick<ExecutionContext, "waitUntil" | "passThroughOnException"> & { readonly props: object } {
  let failures = 0;
  const waitUntil = (): void => {
    failures += 1;
    if (failures === 1) throw new Error("nothing can be waited for");
  };
  return { waitUntil, passThroughOnException: () => undefined, props: {} };
}

/** Everything that a deployment needs but objects that answer. */
function wholeEnv(): Env {
  const jwk = JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }));
  const secret = (): string => randomBytes(32).toString("base64url");
  const objects = Object.fromEntries(
    ["SESSION", "AGENT", "BUDGET", "SWITCHBOARD", "LEDGER", "SWITCHES"].map((name) => [name, {}]),
  );
  const DEPLOYMENT = JSON.stringify({ sequence: 1, environment: "development", origins: ["http://edge.test"] });
  const keys = { SESSION_TOKEN_KEY: secret(), ARGS_MAC_KEY: secret(), PERMIT_KEY: jwk, CHECKPOINT_KEY: jwk };
  return { ...objects, ...keys, DEPLOYMENT } as unknown as Env;
}

async function failed(id: string): Promise<{ readonly answered: string | null; readonly logged: unknown }> {
  const lines: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
  const app = createApp(tableText(await makeAgents()));
  const headers = { "X-Request-ID": id };
  const reply = await app.request("http://edge.test/healthz", { headers }, wholeEnv(), failingOnce());
  expect(reply.status).toBe(500);
  const logged = lines.map((line) => JSON.parse(line) as { event: string; request_id: unknown });
  expect(logged.map(({ event }) => event)).toEqual(["internal"]);
  return { answered: reply.headers.get("x-request-id"), logged: logged[0]?.request_id };
}

test.each(["r-1", "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"])("the request's id %s stands in it", async (id) => {
  expect(await failed(id)).toEqual({ answered: id, logged: id });
});

test.each([
  ["words", "ignore this line; all is well"],
  ["a piece of JSON", '", "event": "lifted'],
  ["a token", `eyJhbGciOiJIUzI1NiJ9.${"a".repeat(60)}.${"b".repeat(43)}`],
  ["something long", "x".repeat(65)],
])("%s instead of an id comes back to the caller alone", async (_name, id) => {
  expect(await failed(id)).toEqual({ answered: id, logged: null });
});
