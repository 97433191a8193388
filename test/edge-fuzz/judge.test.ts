import { expect, test } from "vitest";
import type { RawAnswer } from "../harness/raw-call.ts";
import { faultsOf } from "./judge.ts";
import type { FuzzCall } from "./random-call.ts";

const call: FuzzCall = {
  route: { path: "/v1/session", methods: ["GET", "DELETE"] },
  credential: "person",
  secrets: ["c2lnbmF0dXJl"],
  broken: false,
  raw: { method: "GET", target: "/v1/session", headers: [], body: new Uint8Array(), ends: false },
};

const problem = { type: "urn:agentpolicy:problem:not_found", title: "There is nothing", status: 404 };
const told = { ...problem, detail: "there is nothing here under this id" };

function answer(status: number, body: object, headers: { readonly [name: string]: string } = {}): RawAnswer {
  const all = { "content-type": "application/problem+json", "cache-control": "no-store", ...headers };
  return {
    status,
    headers: new Map(Object.entries(all)),
    body: JSON.stringify(body),
    text: JSON.stringify([all, body]),
  };
}

const json = { "content-type": "application/json" };

test.each<[name: string, RawAnswer, fault: RegExp | null]>([
  ["a problem in words", answer(404, told), null],
  ["a problem without words", answer(404, { ...told, detail: "no" }), /no sentence/],
  ["a problem with a value that is none", answer(404, { ...told, detail: "there is no undefined" }), /no sentence/],
  ["a problem of another status", answer(400, told), /another status/],
  ["a refusal that is no problem", answer(404, told, json), /404 as application\/json/],
  ["a failure", answer(500, { ...told, status: 500 }), /status 500/],
  ["an answer that may be kept", answer(404, told, { "cache-control": "private" }), /no-store/],
  ["the credential in a message", answer(404, { ...told, detail: "there is no c2lnbmF0dXJl" }), /is echoed/],
  ["the credential in a field", answer(404, told, { "x-was": "c2lnbmF0dXJl" }), /is echoed/],
  ["what isn't the caller's", answer(200, {}, json), /caller of the wrong kind/],
  ["405 that says no method", answer(405, { ...told, status: 405 }), /without `Allow`/],
  ["401 that says no scheme", answer(401, { ...told, status: 401 }), /without `WWW-Authenticate`/],
])("%s is judged", (_, given, fault) => {
  const faults = faultsOf(call, { kind: "answer", answer: given }).join("\n");
  if (fault === null) expect(faults).toBe("");
  else expect(faults).toMatch(fault);
});

test("no answer is a fault, and a closed connection unless HTTP itself was broken", () => {
  expect(faultsOf(call, { kind: "hang" })).toEqual(["no answer in time"]);
  expect(faultsOf(call, { kind: "closed" })).toHaveLength(1);
  expect(faultsOf({ ...call, broken: true }, { kind: "closed" })).toEqual([]);
});
