/** Searches find just what evaluations allow, of what the policy names, and change nothing by looking. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAuthzenEdge } from "./authzen-edge.ts";
import type { AuthzenEdge } from "./authzen-edge.ts";
import { TOOLS_POLICY } from "./tools-policy.ts";

const MORE = Array.from({ length: 45 }, (_, at) => `  allow files.read on "files/log-${String(at).padStart(2, "0")}"`);

let edge: AuthzenEdge;
beforeAll(async () => {
  const policy = TOOLS_POLICY.replace("  allow notes.add\n}", `  allow notes.add\n${MORE.join("\n")}\n}`);
  edge = await startAuthzenEdge(policy, "development");
});
afterAll(() => edge.stop());

const bot = { type: "agent", id: "bot" };
const spare = { type: "agent", id: "spare" };

async function results(kind: string, body: object): Promise<readonly { id?: string; name?: string }[]> {
  const reply = await edge.ask(`search/${kind}`, body);
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body["results"] as { id?: string; name?: string }[];
}

async function isTrue(question: object): Promise<boolean> {
  return (await edge.ask("evaluation", question)).body["decision"] === true;
}

describe("what is found is what an evaluation allows", () => {
  test("whatever the session has done: a label takes away what was found", async () => {
    const mail = { resource: { type: "tool", id: "mail.send" } };
    const send = { name: "mail.send", properties: { to: "kim@corp.example", subject: "hi", body: "x" } };
    const subjects = () => results("subject", { subject: { type: "agent" }, action: send, ...mail });
    const before = await subjects();
    const read = { action: { name: "read" }, resource: { type: "files", id: "a" } };
    const labelled = await isTrue({ subject: bot, ...read });
    expect([before, labelled, await subjects()]).toEqual([[bot], true, []]);
  });

  test("of resources that an `enum` lists", async () => {
    const question = { subject: bot, action: { name: "open" } };
    const found = (await results("resource", { ...question, resource: { type: "boxes" } })).map(({ id }) => id);
    expect(found).toEqual(["green", "red"]);
    for (const id of ["red", "green", "blue"])
      expect(await isTrue({ ...question, resource: { type: "boxes", id } })).toBe(found.includes(id));
  });

  test("of actions", async () => {
    const question = { subject: bot, resource: { type: "boxes", id: "red" } };
    const found = (await results("action", question)).map(({ name }) => name);
    expect(found).toEqual(["open"]);
    for (const name of ["open", "boxes.open", "files.read", "notes.add", "mail.send"])
      expect(await isTrue({ ...question, action: { name } })).toBe(name === "open" || name === "boxes.open");
  });

  test("of subjects: agents that the gateway may ask for", async () => {
    const question = { action: { name: "read" }, resource: { type: "files", id: "log-07" } };
    expect(await results("subject", { subject: { type: "agent" }, ...question })).toEqual([
      { type: "agent", id: "bot" },
      { type: "agent", id: "spare" },
    ]);
    for (const [id, wanted] of [
      ["bot", true],
      ["spare", true],
      ["clerk", false],
      ["alone", false],
    ] as const)
      expect(await isTrue({ subject: { type: "agent", id }, ...question })).toBe(wanted);
  });

  test("and a used-up limit too, of the session or of the agent", async () => {
    const tool = { resource: { type: "tool", id: "notes.add" } };
    const add = { name: "notes.add", properties: { text: "x" } };
    const found = async () =>
      (await results("subject", { subject: { type: "agent" }, action: add, ...tool })).map(({ id }) => id);
    expect(await found()).toEqual(["bot", "spare"]);
    for (let at = 0; at < 3; at += 1) expect(await isTrue({ subject: bot, action: add, ...tool })).toBe(true);
    expect(await found()).toEqual(["spare"]);
    const refund = (amount: string) => ({
      action: { name: "refund", properties: { amount } },
      resource: { type: "orders", id: "o-1" },
      context: { channel: "phone" },
    });
    const payers = async () =>
      (await results("subject", { subject: { type: "agent" }, ...refund("40") })).map(({ id }) => id);
    expect(await payers()).toEqual(["bot"]);
    expect(await isTrue({ subject: bot, ...refund("50") })).toBe(true);
    expect(await isTrue({ subject: bot, ...refund("50") })).toBe(true);
    expect(await payers()).toEqual([]);
  });
});

test("looking spends nothing, labels nothing and is no decision on record", async () => {
  const auditor = await edge.personToken("oda@corp.example");
  const records = async () => {
    const { body } = await edge.call("/v1/sessions?agent=spare", { token: auditor });
    const [{ id = "" } = {}] = body["sessions"] as { id?: string }[];
    return (await edge.call(`/v1/sessions/${id}/records`, { token: auditor })).text;
  };
  const before = await records();
  for (let at = 0; at < 5; at += 1)
    await results("action", { subject: spare, resource: { type: "files", id: "log-01" } });
  expect(await records()).toBe(before);
});

describe("pages", () => {
  const question = { subject: spare, action: { name: "read" }, resource: { type: "files" } };

  test("together hold each result once, in order", async () => {
    const found: (string | undefined)[] = [];
    for (let token: string | undefined, more = true; more; ) {
      const page = token === undefined ? { limit: 20 } : { limit: 20, token };
      const reply = await edge.ask("search/resource", { ...question, page });
      found.push(...(reply.body["results"] as { id: string }[]).map(({ id }) => id));
      token = (reply.body["page"] as { next_token: string }).next_token;
      more = token !== "";
    }
    expect(found).toEqual(MORE.map((line) => /log-\d\d/.exec(line)?.[0]));
  });

  test.each([
    [
      "another search's",
      async () =>
        (
          (await edge.ask("search/resource", { ...question, page: { limit: 1 } })).body["page"] as {
            next_token: string;
          }
        ).next_token,
    ],
    ["one that nobody gave out", () => Promise.resolve("5.0123456789abcdef0123456789abcdef")],
    ["garbage", () => Promise.resolve("x")],
  ])("a token that is %s is 400", async (_, tokenOf) => {
    const page = { token: await tokenOf() };
    expect((await edge.ask("search/resource", { ...question, subject: bot, page })).status).toBe(400);
  });

  test.each([0, -1, 1.5, "1"])("a limit of %j is 400", async (limit) => {
    expect((await edge.ask("search/resource", { ...question, page: { limit } })).status).toBe(400);
  });
});

describe("there is nothing to find", () => {
  test.each([
    [
      "for an agent that the gateway may not ask for",
      "action",
      { subject: { type: "agent", id: "alone" }, resource: { type: "boxes", id: "red" } },
    ],
    [
      "of people, whom only their tokens name",
      "subject",
      {
        subject: { type: "user" },
        context: { agentpolicy: { agent: "bot" } },
        action: { name: "open" },
        resource: { type: "boxes", id: "red" },
      },
    ],
    [
      "of an action that isn't there",
      "resource",
      { subject: bot, action: { name: "burn" }, resource: { type: "boxes" } },
    ],
    [
      "of a type that the policy doesn't name",
      "resource",
      { subject: bot, action: { name: "boxes.open" }, resource: { type: "crates" } },
    ],
  ])("%s", async (_, kind, body) => {
    expect(await results(kind, body)).toEqual([]);
  });
});
