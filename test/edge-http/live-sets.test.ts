import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

const MORE = `
live set vendors editors leads
live set blocked editors ops
action buy(from: string(max 64)) is spend on "buy/{from}"
action call(host: host) is external on "call/{host}"
`;

const RULES = `
  allow buy when args.from in vendors
  allow call
  never call when args.host in blocked
`;

let edge: EdgeUnderTest;
let editor: string;
let operator: string;
let stranger: string;

beforeAll(async () => {
  edge = await startTestEdge({}, { more: MORE, rules: RULES });
  [editor, operator, stranger] = await Promise.all([
    edge.person("lea@corp.example"),
    edge.person("oda@corp.example"),
    edge.person("eve@corp.example"),
  ]);
});
afterAll(() => edge.edge.stop());

const edit = (name: string, token: string, body: object) =>
  edge.call(`/v1/sets/${name}`, { method: "PATCH", token, body });
const SLOWLY = { between: 200 };
const buy = (token: string, from: string) => edge.decide(token, { action: "buy", args: { from } });

// At once: a session relies on what it was told for up to the lease of 5 seconds.
test.concurrent("grants what its editors put in, and stops when they take it out", async () => {
  const { token } = await edge.open("bot");
  expect(await edit("vendors", editor, { add: ["blue", "red"], reason: "signed" })).toMatchObject({
    status: 200,
    body: { name: "vendors", members: ["blue", "red"] },
  });
  expect(await buy(token, "acme")).toMatchObject({ decision: "deny", reason: "no_rule" });
  expect(await buy(token, "blue")).toMatchObject({ decision: "allow" });
  await edit("vendors", editor, { add: ["acme"], remove: ["blue"], reason: "one came, one left" });
  await until("the new one is granted", async () => (await buy(token, "acme")).decision === "allow", SLOWLY);
  await until("the other isn't any more", async () => (await buy(token, "blue")).decision === "deny", SLOWLY);
  expect((await buy(token, "red")).decision).toBe("allow");
  expect((await buy(token, "other")).decision).toBe("deny");
});

test.concurrent("restricts as well, for every agent", async () => {
  const { token } = await edge.open("helper");
  const call = async (host: string) => (await edge.decide(token, { action: "call", args: { host } })).decision;
  expect(await call("evil.example")).toBe("allow");
  await edit("blocked", operator, { add: ["evil.example"], reason: "reported" });
  await until("it is forbidden", async () => (await call("evil.example")) === "deny", SLOWLY);
  expect(await call("good.example")).toBe("allow");
});

test("keeps who changed it, what, when and why", async () => {
  await edit("vendors", editor, { add: ["green"], remove: ["nobody"], reason: "a trial" });
  const shown = await edge.call("/v1/sets/vendors?history=true", { token: operator });
  const [newest] = shown.body["edits"] as readonly object[];
  expect(newest).toMatchObject({ by: "lea@corp.example", reason: "a trial", added: ["green"], removed: [] });
  expect((await edge.call("/v1/sets/vendors", { token: editor })).body).not.toHaveProperty("edits");
});

test("is changed by its editors alone, and isn't there for others", async () => {
  expect((await edit("vendors", operator, { add: ["x"], reason: "r" })).status).toBe(403);
  expect((await edit("vendors", stranger, { add: ["x"], reason: "r" })).status).toBe(404);
  expect((await edge.call("/v1/sets/vendors", { token: stranger })).status).toBe(404);
  expect((await edge.call("/v1/sets", { token: stranger })).body).toEqual({ sets: [] });
  const { token } = await edge.open("bot");
  expect((await edit("vendors", token, { add: ["x"], reason: "r" })).status).toBe(401);
  expect((await edge.call("/v1/sets/unknown", { token: editor })).status).toBe(404);
});

test.each([
  ["no reason", { add: ["x"] }],
  ["an empty reason", { add: ["x"], reason: " " }],
  ["nothing to change", { reason: "r" }],
  ["one text both ways", { add: ["x"], remove: ["x"], reason: "r" }],
  ["an invisible character", { add: ["a\u200bb"], reason: "r" }],
  ["a space around it", { add: [" x"], reason: "r" }],
  ["another spelling of the same letters", { add: ["e\u0301"], reason: "r" }],
  ["an unknown field", { add: ["x"], set: ["y"], reason: "r" }],
  ["too many at once", { add: Array.from({ length: 501 }, (_, at) => `v${at}`), reason: "r" }],
])("%s changes nothing", async (_, body) => {
  const before = await edge.call("/v1/sets/vendors", { token: editor });
  expect((await edit("vendors", editor, body)).status).toBe(400);
  expect((await edge.call("/v1/sets/vendors", { token: editor })).body).toEqual(before.body);
});
