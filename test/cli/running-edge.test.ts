/** What `deploy` finds at an address before and after the upload: an edge, or what is there instead, in words. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { nextSequence } from "../../cli/deploy/running-edge.ts";
import { Failure } from "../../cli/failure.ts";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  stops.push(() => server.close());
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failureAt(origin: string): Promise<string> {
  try {
    await nextSequence(origin, "sha256:new", false);
  } catch (error) {
    if (error instanceof Failure) return `${error.message}; ${error.help}`;
    throw error;
  }
  throw new Error("it was taken for an edge");
}

const PROBLEM = { type: "urn:agentpolicy:problem:not_ready", detail: "the secret PERMIT_KEY is missing" };

describe("what is no edge that is ready is told apart", () => {
  test.each([
    ["an edge that lacks something", 503, JSON.stringify(PROBLEM), "it answers 503, the secret PERMIT_KEY is missing"],
    ["somebody else's page", 404, "<h1>Not found</h1>", "it answers 404"],
    ["somebody else's problem", 500, '{"detail":"x"}', "it answers 500"],
    ["a page at this path", 200, "<h1>Welcome</h1>", "what answers is no edge"],
    ["JSON of something else", 200, '{"ok":true}', "what answers is no edge"],
    ["a word", 200, '"fine"', "what answers is no edge"],
  ])("%s", async (_name, status, body, message) => {
    const origin = await answering(status, body);
    expect(await failureAt(origin)).toContain(`no edge answers at ${origin}: ${message}; `);
  });

  test("nobody", async () => {
    const origin = await answering(200, "");
    stops.splice(0).forEach((stop) => stop());
    expect(await failureAt(origin)).toMatch(/: it can't be reached \(ECONNREFUSED\); .*`--first`/);
  });
});

test("another table gets the next number, the same one its own, and the first deployment begins", async () => {
  const origin = await answering(200, '{"ok":true,"policy_hash":"sha256:old","sequence":41}');
  expect(await nextSequence(origin, "sha256:new", false)).toBe(42);
  expect(await nextSequence(origin, "sha256:old", false)).toBe(41);
  expect(await nextSequence(await answering(404, ""), "sha256:new", true)).toBe(1);
});
