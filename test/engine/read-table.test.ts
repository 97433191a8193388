import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../compiler/index.ts";
import { readTable } from "../../engine/index.ts";
import { smallBody, tableOf } from "./small-table.ts";

/** Sets (or, with undefined, removes) what stands at the path, as a person would write it: `actions.0.params`. */
function changed(path: string, value: unknown): unknown {
  const body: unknown = structuredClone(smallBody());
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let holder = body as { [key: string]: unknown };
  for (const key of keys) holder = holder[key] as { [key: string]: unknown };
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return body;
}

const ANY = { kind: "any" };
const OPENINGS = [{ kind: "action", name: "session.open" }];
const GATEWAY = { name: "gate", identities: [{ kind: "mtls", sha256: "0".repeat(64) }], agents: ["bot"], doc: null };
const BREAKER = { name: "leak", event: { kind: "canary" }, per: "agent", kill: ["agent"], tell: [], doc: null };

function liveSet(set: string): unknown {
  return { op: "in_live_set", left: { from: "fact", fact: "requester.id" }, set };
}

/** The small table's limit, on openings. */
function limitOf(): object {
  const limit = smallBody().blocks[0]?.limits[0];
  if (!limit) throw new Error("no limit");
  return { ...limit, scope: { ...limit.scope, select: OPENINGS } };
}

function problemOf(table: unknown): string {
  const read = readTable(table, sha256Hex);
  return read.ok ? "none" : read.problem;
}

test("a whole table is read as it is", () => {
  const table = tableOf(smallBody());
  expect(readTable(JSON.parse(JSON.stringify(table)), sha256Hex)).toEqual({ ok: true, table });
});

describe("with the text that it was parsed from", () => {
  const table = tableOf(smallBody());
  const compact = JSON.stringify(table);
  const readText = (text: string) => readTable(JSON.parse(text), sha256Hex, text);

  test("it is the same table, however the text is laid out", () => {
    expect(readText(compact)).toEqual({ ok: true, table });
    expect(readText(JSON.stringify(table, null, 2))).toEqual({ ok: true, table });
    const { hash, ...others } = table;
    expect(readText(JSON.stringify({ ...others, hash }))).toEqual({ ok: true, table });
  });

  test("laid out as the compiler does it, each part is hashed once, as it stands", () => {
    const hashed: string[] = [];
    const sha256 = (part: string): string => {
      hashed.push(part);
      return sha256Hex(part);
    };
    expect(readTable(JSON.parse(compact), sha256, compact)).toEqual({ ok: true, table });
    expect(hashed).toEqual([JSON.stringify(table.body), JSON.stringify(table.places)]);
  });

  test.each([
    ["a name in the body", /"name":"small"/, '"name":"large"', "hash: doesn't fit the body"],
    ["the hash of the places", /(?<="places_hash":"sha256:)./, "x", "places_hash: must be `sha256:` and 64 hex digits"],
    ["a place", /small\.agentpolicy/, "other.agentpolicy", "places_hash: doesn't fit the places"],
  ])("a change of %s is found", (_, part, other, problem) => {
    const text = compact.replace(part, other);
    expect(text).not.toBe(compact);
    expect(readText(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });

  test("a second body behind the places doesn't pass for the one whose hash it bears", () => {
    const places = `${JSON.stringify(table.places)},"body":${JSON.stringify({ ...smallBody(), name: "large" })}`;
    const forged = compact
      .replace(JSON.stringify(table.places), places)
      .replace(table.places_hash, `sha256:${sha256Hex(places)}`);
    expect(JSON.parse(forged)).toMatchObject({ hash: table.hash, body: { name: "large" } });
    expect(readText(forged)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("hash: doesn't fit the body"),
    });
  });
});

describe("a problem says where and what", () => {
  test.each([
    ["actions.0.params.0.type.kind", "strnig", "body.actions[0].params[0].type.kind: must be one of string, int,"],
    ["actions.0.params.0.type.max", -1, "body.actions[0].params[0].type.max: must be a whole number, 0 or more"],
    ["actions.0.params.0.optional", undefined, "body.actions[0].params[0].optional: is missing"],
    ["actions.0.extra", 1, "body.actions[0].extra: isn't part of a table of this format"],
    [
      "actions.0.resources.0.template.1.path",
      [],
      "body.actions[0].resources[0].template[1].path: must hold at least 1",
    ],
    ["blocks.0.rules.0.tier", "forbid", 'body.blocks[0].rules[0].tier: must be "allow" or "notify"'],
    ["blocks.0.rules.0.id", "r_1", "body.blocks[0].rules[0].id: must be `r_` and 12 hex digits"],
    ["blocks.0.rules.0.when", { op: "eval", code: "1" }, "body.blocks[0].rules[0].when.op: must be one of constant,"],
    ["blocks.0.rules.0.when", { op: "not" }, "body.blocks[0].rules[0].when.of: is missing"],
    ["blocks.0.rules.0.until", 1.5, "body.blocks[0].rules[0].until: must be a whole number"],
    ["blocks.0.limits.0.n", "1e3", "body.blocks[0].limits[0].n: must be a decimal"],
    ["blocks.0.limits.0.per", "day", 'body.blocks[0].limits[0].per: must be "session" or'],
    ["agents.0.review_by", "2027-01-31", "body.agents[0].review_by: must be a whole number"],
    ["agents.0.identities.0.public_key", "short", "body.agents[0].identities[0].public_key: must be 43 characters"],
    ["schedules.0.weekly.0", [540], "body.schedules[0].weekly[0]: must be a list of 2"],
    ["settings.lease", 0, "body.settings.lease: must be a whole number above 0"],
    ["name", "", "body.name: must be a name"],
    ["name", "a\ud800", "body.name: must be"],
    ["agents", {}, "body.agents: must be a list"],
    ["settings", undefined, "body.settings: is missing"],
  ])("%s as %j", (path, value, problem) => {
    expect(problemOf(tableOf(changed(path, value)))).toContain(problem);
  });
});

describe("every name leads somewhere, once", () => {
  test.each([
    ["blocks.0.rules.0.via", ["boss"], "body.blocks[0].rules[0].via: names the approval `boss`"],
    ["blocks.0.rules.0.to", ["nowhere"], "body.blocks[0].rules[0].to: names the channel `nowhere`"],
    ["blocks.0.rules.0.via", [], "body.blocks[0].rules[0].via: `ask` needs an approval"],
    ["blocks.0.rules.0.when.schedule", "night", "body.blocks[0].rules[0].when: names the schedule `night`"],
    ["blocks.0.rules.0.scope.select.0.name", "wirte", "body.blocks[0].rules[0].scope.select[0].name: names the class"],
    ["blocks.0.limits.0.via", "boss", "body.blocks[0].limits[0].via: names the approval `boss`"],
    ["blocks.0.limits.0.window", null, "body.blocks[0].limits[0].window: only a limit per session has none"],
    ["agents.0.roles", ["writer"], "body.agents[0].roles: names the role `writer`"],
    ["agents.0.owner", "nobody", "body.agents[0].owner: names the group `nobody`"],
    ["actions.0.yields.0.label", "x", "body.actions[0].yields: names the label `x`"],
    ["approvals.0.approvers", ["strangers"], "body.approvals[0].approvers: names the group `strangers`"],
    ["settings.operators", ["strangers"], "body.settings.operators: names the group `strangers`"],
    ["blocks.0.name", "other", "body.agents[0].roles: names the role `reader`"],
    ["live_sets", [{ name: "v", editors: ["x"] }], "body.live_sets[0].editors: names the group `x`"],
    ["blocks.0.rules.0.when", liveSet("v"), "body.blocks[0].rules[0].when: names the live set `v`"],
    [
      "approvals.0.escalate",
      [{ groups: ["x"], after: 1 }],
      "body.approvals[0].escalate[0].groups: names the group `x`",
    ],
    [
      "approvals.0.escalate",
      [{ groups: ["owners"], after: 3_600_000 }],
      "escalate[0].after: must come before `within`",
    ],
    ["approvals.0.decoys", 1, "body.approvals[0].decoys: must leave requests"],
    ["actions.0.tool", { name: "t", server: "s", sha256: null }, "body.actions[0].tool.server: names the server `s`"],
    ["agents.0.may_call", [{ agent: "x", select: [ANY] }], "body.agents[0].may_call[0].agent: names the agent `x`"],
    ["agents.0.may_call", [{ agent: "bot", select: [ANY] }], "may_call[0].agent: no agent calls itself"],
    ["agents.0.may_call", [{ agent: "bot", select: [] }], "may_call[0].select: must hold at least 1"],
    ["agents.0.may_become", [{ role: "x", via: "lead", duration: 1 }], "may_become[0].role: names the role `x`"],
    ["agents.0.may_become", [{ role: "reader", via: "lead", duration: 1 }], "may_become[0].role: the agent has it"],
    ["gateways", [{ ...GATEWAY, agents: ["x"] }], "body.gateways[0].agents: names the agent `x`"],
    ["gateways", [{ ...GATEWAY, identities: [] }], "body.gateways[0].identities: must hold at least 1"],
    ["gateways", [GATEWAY, GATEWAY], "body.gateways[1].name: `gate` stands twice"],
    ["breakers", [{ ...BREAKER, kill: ["fleet"] }], "body.breakers[0].kill: `fleet` is wider than `per agent`"],
    ["breakers", [{ ...BREAKER, tell: ["x"] }], "body.breakers[0].tell: names the channel `x`"],
    ["needs", ["wishes"], 'body.needs[0]: must be "breakers" or'],
    ["blocks.0.rules.0.scope.select", OPENINGS, "select[0].name: names the action `session.open`"],
  ])("%s as %j", (path, value, problem) => {
    expect(problemOf(tableOf(changed(path, value)))).toContain(problem);
  });

  test("but for the opening of sessions, which `never` and limits may be about", () => {
    expect(problemOf(tableOf(changed("blocks.0.limits.0.scope.select", OPENINGS)))).toBe("none");
    expect(problemOf(tableOf(changed("blocks.0.limits.0", { ...limitOf(), per: "session" })))).toContain(
      "body.blocks[0].limits[0].scope.select[0].name: names the action `session.open`",
    );
    expect(problemOf(tableOf(changed("blocks.0.limits.0", { ...limitOf(), via: "lead" })))).toContain(
      "names the action `session.open`",
    );
  });

  test("two agents of one name", () => {
    const body = smallBody();
    expect(problemOf(tableOf({ ...body, agents: [...body.agents, ...body.agents] }))).toContain(
      "body.agents[1].name: `bot` stands twice",
    );
  });

  test("an allow in every agent", () => {
    const body = smallBody();
    const rules = body.blocks[0]?.rules.map((rule) => ({ ...rule, tier: "allow" }));
    const every = { kind: "every", name: "", rules, limits: [] };
    expect(problemOf(tableOf({ ...body, blocks: [...body.blocks, every] }))).toContain(
      "body.blocks[1].rules[0].tier: rules of every agent only restrict",
    );
  });

  test("a quantifier inside another", () => {
    const tags = { from: "args", path: ["tags"] };
    const inner = { op: "some", variable: "y", list: tags, body: { op: "constant", value: true } };
    const outer = { op: "every", variable: "x", list: tags, body: inner };
    expect(problemOf(tableOf(changed("blocks.0.rules.0.when", outer)))).toContain("a quantifier inside another");
  });
});

describe("what isn't a table", () => {
  test.each([
    ["nothing", null, "the table must be an object"],
    ["a list", [], "the table must be an object"],
    ["text", "table", "the table must be an object"],
    ["another format", { ...tableOf(smallBody()), format: 1 }, "format: must be 2: compile the policy again"],
    ["a key too many", { ...tableOf(smallBody()), debug: true }, "debug: isn't part of a table of this format"],
    ["a wrong hash", { ...tableOf(smallBody()), hash: `sha256:${"0".repeat(64)}` }, "hash: doesn't fit the body"],
    [
      "places of another table",
      { ...tableOf(smallBody()), places: { files: [], rules: [], declarations: [] } },
      "places_hash: doesn't fit",
    ],
  ])("%s", (_name, table, problem) => {
    expect(problemOf(table)).toContain(problem);
  });

  test("a flipped byte anywhere in the body is found", () => {
    const text = JSON.stringify(tableOf(smallBody()));
    const flipped = text.replace('"quorum":1', '"quorum":2');
    expect(problemOf(JSON.parse(flipped))).toContain("hash: doesn't fit the body");
  });

  test("a condition nested a thousand deep", () => {
    let when: unknown = { op: "constant", value: true };
    for (let depth = 0; depth < 1000; depth++) when = { op: "not", of: when };
    expect(problemOf(tableOf(changed("blocks.0.rules.0.when", when)))).toContain("when: is nested too deeply");
  });
});
