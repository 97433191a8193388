/** What a policy may say and this edge counts, looks for or can't do yet: the last is never a way through. */
import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startTarget } from "./target.ts";
import type { Target } from "./target.ts";

const CANARY = "apc_7k2m4q6s3u5w7y2a4c6e3g5i7m";

const MORE = `
canary bait sha256 "${createHash("sha256").update(CANARY).digest("hex")}"

every agent {
  limit crm.read to 6 in 1h per fleet
  limit session.open when agent.id == "gamma" to 2 in 1h per agent
  never session.open when agent.id == "delta"
}

approval watchful {
  approvers leads
  within    1h
  decoys    1 in 20
}

agent robot {
  owner    ops
  purpose  "Is known by its platform only"
  roles    worker
  identity oidc "https://platform.corp.example" { repository "corp/robot" }
  review   by 2099-12-31
}
`;

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  await target.reload((policy) => policy + MORE);
});
afterEach(() => target.closeSessions());
afterAll(() => target.stop());

describe("a canary doesn't leave", () => {
  const hidden: readonly (readonly [string, unknown])[] = [
    ["as it stands", { text: `the key is ${CANARY}` }],
    ["in base64", { text: Buffer.from(`{"key":"${CANARY}"}`).toString("base64") }],
    ["in base64url behind a path", { text: `/x/y${Buffer.from(`>>??${CANARY}`).toString("base64url")}` }],
    ["in percents", { text: Array.from(CANARY, (one) => `%${one.charCodeAt(0).toString(16)}`).join("") }],
    ["as a name in an argument that no rule reads", { text: "x", more: { a: [{ [CANARY]: 1 }] } }],
  ];
  test.each(hidden)("%s", async (_name, args) => {
    const asker = await target.open("alpha");
    expect(await target.decide(asker, "chat.say", args)).toMatchObject({ decision: "deny", reason: "canary" });
    expect(await target.state(asker)).toMatchObject({ calls: 0, labels: [] });
  });

  test("what only looks like one passes", async () => {
    const asker = await target.open("alpha");
    const answer = await target.decide(asker, "chat.say", { text: CANARY.replace("7k", "7l") });
    expect(answer).toMatchObject({ decision: "allow" });
  });
});

test("a limit per fleet counts what all agents do together", async () => {
  const askers = await Promise.all((["alpha", "beta", "alpha"] as const).map((name) => target.open(name)));
  const asked = askers.flatMap((asker) =>
    Array.from({ length: 5 }, (_, at) => target.decide(asker, "crm.read", { id: `c-${at}` })),
  );
  const decisions = (await Promise.all(asked)).map((answer) => answer["decision"]);
  expect(decisions.toSorted()).toEqual([...Array(6).fill("allow"), ...Array(9).fill("deny")]);
});

describe("opening is an action", () => {
  async function opening(agent: "gamma" | "delta"): Promise<string> {
    const token = await target.assertion(agent);
    const { status, body } = await target.call("/v1/sessions", { method: "POST", token, body: {} });
    const { reason = "opened" } = body as { readonly reason?: string };
    return `${status} ${reason}`;
  }

  test("ten openings at once at a limit of two open exactly two", async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => opening("gamma")));
    expect(outcomes.toSorted()).toEqual([...Array(8).fill("200 limit_exceeded"), "201 opened", "201 opened"]);
  });

  test("a `never` on opening lets none open", async () => {
    expect(await opening("delta")).toBe("200 rule");
  });
});

describe("an agent that only its platform can name opens nothing without it", () => {
  const robot = { iss: "robot", sub: "robot" };
  const platform = {
    iss: "https://platform.corp.example",
    sub: "repo:corp/robot",
    repository: "corp/robot",
  };
  const tokens: readonly (readonly [string, () => Promise<string>])[] = [
    ["another agent's signature under its name", () => target.assertion("alpha", robot)],
    ["its name with nothing behind it", () => target.assertion("alpha", { ...robot, iss: "alpha" })],
    ["its platform's claims in an agent's assertion", () => target.assertion("alpha", platform)],
    ["its platform's claims from the development issuer", () => target.issued({ ...platform, aud: target.url })],
    ["its name from the development issuer", () => target.issued({ ...robot, aud: target.url })],
  ];
  test.each(tokens)("%s", async (_name, token) => {
    const reply = await target.call("/v1/sessions", { method: "POST", token: await token(), body: {} });
    // Refused, or nothing can be said while the platform's keys can't be had.
    expect([401, 503]).toContain(reply.status);
    expect(reply.body).not.toHaveProperty("token");
  });
});

test("people are told what the edge can't do yet", async () => {
  const reply = await target.call("/v1/policy", { token: await target.person("oda@corp.com") });
  const told = reply.body["undelivered"] as readonly { readonly need: string; readonly meaning: string }[];
  const decoys = told.find(({ need }) => need === "decoys");
  expect(decoys?.meaning).toContain("mixes none in yet");
  expect(told.map(({ need }) => need)).not.toContain("canaries");
});
