/** `POST /v1/outcomes` on the wire. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuthorizeResponse } from "../../sdk/index.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";
import { startTestEdge } from "./edge-under-test.ts";

let edge: EdgeUnderTest;
let token: string;

beforeAll(async () => {
  edge = await startTestEdge();
  ({ token } = await edge.open());
});
afterAll(() => edge.edge.stop());

const read = (as = token): Promise<AuthorizeResponse> => edge.decide(as, { action: "files.read", args: { file: "a" } });
const report = (body: object, as = token) => edge.call("/v1/outcomes", { method: "POST", token: as, body });

test("what became of an action is told once, and its labels come with it", async () => {
  const { decision_id } = await read();
  const outcome = { decision_id, status: "ok", digest: `sha256:${"0".repeat(64)}`, labels: ["untrusted"] };
  for (const _ of [1, 2])
    expect(await report(outcome)).toMatchObject({
      status: 200,
      body: { decision_id, status: "ok", labels: ["untrusted"] },
    });
  expect(await report({ ...outcome, status: "error" })).toMatchObject({ status: 409 });
  expect((await edge.call("/v1/session", { token })).body).toMatchObject({ labels: ["untrusted"] });
});

test("a decision that wasn't this session's to carry out isn't there", async () => {
  const denied = await edge.decide(token, { action: "files.read", args: { file: "secret/a" } });
  const other = await edge.open();
  const foreign = await read(other.token);
  for (const { decision_id } of [denied, foreign])
    expect(await report({ decision_id, status: "ok" })).toMatchObject({ status: 404 });
  expect(await report({ decision_id: "dec_0", status: "ok" })).toMatchObject({ status: 404 });
});

test("a label that the policy doesn't declare is named, and nothing is taken", async () => {
  const { decision_id } = await read();
  const reply = await report({ decision_id, status: "ok", labels: ["untrusted", "safe"] });
  expect(reply).toMatchObject({ status: 400, body: { errors: [{ pointer: "/labels/1" }] } });
  expect(reply.text).toContain("`safe`");
  expect(await report({ decision_id, status: "error" })).toMatchObject({ status: 200 });
});

describe("what doesn't fit is refused", () => {
  const shapes: readonly (readonly [string, object])[] = [
    ["no status", { status: undefined }],
    ["another status", { status: "done" }],
    ["no decision", { decision_id: undefined }],
    ["a decision that is no text", { decision_id: 7 }],
    ["a long decision", { decision_id: "d".repeat(65) }],
    ["a digest of another kind", { digest: "md5:0" }],
    ["labels that are no list", { labels: "untrusted" }],
    ["too many labels", { labels: Array.from({ length: 33 }, () => "untrusted") }],
    ["a label to remove", { remove: ["untrusted"] }],
  ];
  for (const [name, change] of shapes)
    test(name, async () => {
      expect(await report({ decision_id: "dec_0", status: "ok", ...change })).toMatchObject({ status: 400 });
    });

  test("whoever isn't the session", async () => {
    const person = await edge.person("oda@corp.example");
    for (const as of [await edge.assertion("bot"), person, ""])
      expect(await report({ decision_id: "dec_0", status: "ok" }, as)).toMatchObject({ status: 401 });
  });
});
