/** What an evaluation means to this edge: whose session it is, which action with which arguments, and what counts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Reply } from "../harness/http-call.ts";
import { startAuthzenEdge } from "./authzen-edge.ts";
import type { AuthzenEdge } from "./authzen-edge.ts";
import { TOOLS_POLICY } from "./tools-policy.ts";

let edge: AuthzenEdge;
beforeAll(async () => {
  edge = await startAuthzenEdge(TOOLS_POLICY, "development");
});
afterAll(() => edge.stop());

interface Parts {
  readonly properties?: object;
  readonly context?: object;
  readonly subject?: object;
  readonly resource?: object;
}

const bot = { type: "agent", id: "bot" };
/** A tool is its own resource. */
const tool = (id: string) => ({ type: "tool", id });

function evaluate(name: string, { properties = {}, ...parts }: Parts = {}): Promise<Reply> {
  return edge.ask("evaluation", { subject: bot, action: { name, properties }, resource: tool(name), ...parts });
}

async function decided(name: string, parts?: Parts): Promise<unknown> {
  const { status, body, text } = await evaluate(name, parts);
  if (status !== 200) throw new Error(`${status} ${text}`);
  const { agentpolicy } = body["context"] as { agentpolicy: { reason: string } };
  return body["decision"] === true ? true : agentpolicy.reason;
}

interface Listed {
  readonly id: string;
}

async function sessionsOf(agent: string): Promise<readonly Listed[]> {
  const token = await edge.personToken("oda@corp.example");
  return (await edge.call(`/v1/sessions?agent=${agent}`, { token })).body["sessions"] as Listed[];
}

/** Of the agent's newest session. */
async function recordsOf(agent: string): Promise<readonly { readonly kind: string }[]> {
  const [newest] = await sessionsOf(agent);
  const token = await edge.personToken("oda@corp.example");
  const { text } = await edge.call(`/v1/sessions/${newest?.id ?? ""}/records`, { token });
  return text
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { record: { kind: string } }).record);
}

async function decisionsOf(agent: string): Promise<number> {
  return (await recordsOf(agent)).filter(({ kind }) => kind === "decision").length;
}

describe("the action and its arguments", () => {
  test.each([
    [
      "by its whole name, on what the arguments name",
      "files.read",
      { type: "files", id: "a/b.txt" },
      { file: "a/b.txt" },
      true,
    ],
    ["by its whole name, the resource's id filling the hole", "files.read", { type: "files", id: "a/b.txt" }, {}, true],
    ["behind the resource's type", "read", { type: "files", id: "a.txt" }, {}, true],
    ["on the tool itself", "files.read", tool("files.read"), { file: "a.txt" }, true],
    [
      "on another resource than the arguments name",
      "files.read",
      { type: "files", id: "b" },
      { file: "a" },
      "resource_mismatch",
    ],
    ["on a resource of another type", "files.read", { type: "mail", id: "a" }, { file: "a" }, "resource_mismatch"],
    ["on a resource that climbs", "read", { type: "files", id: "../a" }, {}, "invalid_argument"],
    ["on another tool", "files.read", tool("notes.add"), { file: "a" }, "resource_mismatch"],
    [
      "an argument that the action hasn't got",
      "files.read",
      tool("files.read"),
      { file: "a", as: "root" },
      "invalid_argument",
    ],
    ["an argument of another type", "files.read", tool("files.read"), { file: 7 }, "invalid_argument"],
    ["no argument that it needs", "files.read", tool("files.read"), {}, "invalid_argument"],
    ["an action that isn't there", "files.erase", tool("files.erase"), {}, "unknown_action"],
    ["a name in other letters", "Files.Read", tool("Files.Read"), { file: "a" }, "unknown_action"],
    [
      "an action that acts on nothing, on something",
      "notes.add",
      { type: "notes", id: "1" },
      { text: "x" },
      "resource_mismatch",
    ],
  ] as const)("%s", async (_, name, resource, properties, wanted) => {
    expect(await decided(name, { resource, properties })).toBe(wanted);
  });

  test("what the question says of its context fills a record of that name, and the arguments can't", async () => {
    const properties = { order: "o-1", amount: "10" };
    const resource = { type: "orders", id: "o-1" };
    expect(await decided("orders.refund", { properties, resource, context: { channel: "phone", time: "now" } })).toBe(
      true,
    );
    expect(await decided("orders.refund", { properties, resource, context: { channel: "mail" } })).toBe("no_rule");
    expect(await decided("orders.refund", { properties, resource })).toBe("no_rule");
    const spoofed = { ...properties, context: { channel: "phone" } };
    expect(await decided("orders.refund", { properties: spoofed, resource })).toBe("invalid_argument");
  });

  test("a parameter that merely has such a name is an argument like any other", async () => {
    const properties = { to: "kim@corp.example", subject: "hi", body: "x" };
    expect(await decided("mail.send", { subject: { type: "agent", id: "spare" }, properties })).toBe("no_rule");
  });
});

describe("the subject", () => {
  test.each([
    ["an agent that the gateway may not ask for", { type: "agent", id: "alone" }],
    ["an agent that isn't there", { type: "agent", id: "ghost" }],
    ["the gateway itself", { type: "agent", id: "front_door" }],
    ["a type that is nobody", { type: "robot", id: "bot" }],
    ["a type in other letters", { type: "Agent", id: "bot" }],
  ])("%s is denied, and no session opens", async (_, subject) => {
    expect(await decided("notes.add", { subject, properties: { text: "x" } })).toBe("unknown_agent");
  });

  test("may be a `user` that the policy declares as an agent", async () => {
    const subject = { type: "user", id: "spare" };
    expect(await decided("notes.add", { subject, properties: { text: "x" } })).toBe(true);
  });

  test("is the person whose token says so, for whom the agent in the context works", async () => {
    const requester_token = await edge.requesterToken("kim@corp.example", "clerk");
    const write = (subject: object, agentpolicy: object) =>
      decided("files.write", { subject, context: { agentpolicy }, properties: { file: "a", text: "x" } });
    const kim = { type: "user", id: "kim@corp.example" };
    const own = { agent: "clerk", requester_token };
    expect(await write(kim, own)).toBe("rule");
    expect(await write({ ...kim, id: "Kim@corp.example" }, own)).toBe("rule");
    expect(await write({ ...kim, id: "lea@corp.example" }, own)).toBe("requester_missing");
    expect(await write(kim, { agent: "clerk" })).toBe("requester_missing");
    expect(await write(kim, { agent: "bot", requester_token })).toBe("requester_missing");
    expect(await write({ type: "agent", id: "clerk" }, { requester_token })).toBe("rule");
    expect(await write({ type: "agent", id: "clerk" }, {})).toBe("requester_missing");
    expect(await write({ type: "agent", id: "bot" }, own)).toBe("unknown_agent");
  });

  test("a requester's token opens one session, which goes on answering", async () => {
    const requester_token = await edge.requesterToken("li@corp.example", "clerk");
    const subject = { type: "agent", id: "clerk" };
    const context = { agentpolicy: { requester_token } };
    const answers = [];
    for (let at = 0; at < 4; at += 1)
      answers.push(await decided("notes.add", { subject, context, properties: { text: `n${at}` } }));
    expect(answers).toEqual([true, true, true, "limit_exceeded"]);
  });
});

describe("what was decided before counts", () => {
  test("a limit of the session holds over all questions about the agent", async () => {
    const add = (text: string) => decided("notes.add", { properties: { text } });
    const answers = await Promise.all(["a", "b", "c", "d", "e"].map(add));
    expect(answers.filter((answer) => answer === true)).toHaveLength(3);
    expect(answers.filter((answer) => answer === "limit_exceeded")).toHaveLength(2);
  });

  test("so does a label", async () => {
    const send = () => decided("mail.send", { properties: { to: "kim@corp.example", subject: "hi", body: "x" } });
    expect(await decided("files.read", { properties: { file: "a" } })).toBe(true);
    expect(await send()).toBe("no_rule");
  });

  test("the same request id gets the same answer and spends once; another question under it is 422", async () => {
    const refund = (amount: string) =>
      evaluate("orders.refund", {
        properties: { order: "o-7", amount },
        resource: { type: "orders", id: "o-7" },
        context: { channel: "phone", agentpolicy: { request_id: "r-7" } },
      });
    const [first, second] = [await refund("1"), await refund("1")];
    expect(second.body).toEqual(first.body);
    expect((await refund("2")).status).toBe(422);
  });

  test("parallel first questions share one session", async () => {
    const subject = { type: "agent", id: "spare" };
    const answers = await Promise.all(
      ["a", "b", "c"].map((text) => decided("notes.add", { subject, properties: { text } })),
    );
    expect(answers).toEqual([true, true, true]);
    expect(await sessionsOf("spare")).toHaveLength(1);
    expect((await recordsOf("spare"))[0]).toMatchObject({
      kind: "session.opened",
      gateway: "front_door",
      agent: "spare",
    });
  });

  test("when the session is over, the next question opens another one", async () => {
    const add = (text: string) => decided("notes.add", { properties: { text } });
    expect(await add("before")).toBe("limit_exceeded");
    const [{ id }] = (await sessionsOf("bot")) as [{ id: string }];
    await edge.close(id, "bot");
    expect(await Promise.all(["one", "two"].map(add))).toEqual([true, true]);
    const [newest, ...older] = await sessionsOf("bot");
    expect(older.map((each) => each.id)).toEqual([id]);
    expect(newest?.id).not.toBe(id);
    await edge.close(newest?.id ?? "", "bot");
    const open = { subject: bot, resource: { type: "boxes", id: "red" } };
    expect((await edge.ask("search/action", open)).body["results"]).toEqual([{ name: "open" }]);
  });
});

describe("a question to people", () => {
  test("is `false` and says how to go on; approved, it is `true` once", async () => {
    const write = (approval?: string) =>
      evaluate("files.write", {
        properties: { file: "plan.txt", text: "x" },
        context: { agentpolicy: { intent: "keep the plan", ...(approval === undefined ? {} : { approval }) } },
      });
    const asked = await write();
    const context = asked.body["context"] as { next: string; agentpolicy: { approval: { id: string } } };
    expect(asked.body["decision"]).toBe(false);
    expect(context).toMatchObject({
      next: expect.stringContaining("agentpolicy.approval"),
      agentpolicy: { decision: "ask" },
    });
    const { id } = context.agentpolicy.approval;
    expect((await write(id)).body).toMatchObject({ decision: false, context: { agentpolicy: { decision: "ask" } } });
    const followed = await edge.follow(id);
    expect(followed.body).toMatchObject({ id, status: "pending", needs: [{ approval: "lead_review" }] });
    const waiting = edge.follow(`${id}?wait=30`);
    const token = await edge.personToken("lea@corp.example");
    const { body } = await edge.call(`/v1/approvals/${id}`, { token });
    expect(body).toMatchObject({ agent: "bot", gateway: "front_door" });
    const decision = { decision: "approve", request_digest: body["request_digest"] };
    expect((await edge.call(`/v1/approvals/${id}/decision`, { method: "POST", token, body: decision })).status).toBe(
      200,
    );
    expect((await waiting).body).toMatchObject({ id, status: "approved" });
    expect((await write(id)).body).toMatchObject({
      decision: true,
      context: { agentpolicy: { decision: "allow", permit: expect.any(String) } },
    });
    expect((await write(id)).body).toMatchObject({
      decision: false,
      context: { agentpolicy: { reason: "approval_used" } },
    });
  });
});

describe("several at once", () => {
  const item = (box: string) => ({ resource: { type: "boxes", id: box } });
  const several = async (semantic: string | undefined, boxes: readonly string[]): Promise<unknown> => {
    const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } };
    const body = { subject: bot, action: { name: "open" }, ...options, evaluations: boxes.map(item) };
    const reply = await edge.ask("evaluations", body);
    return (reply.body["evaluations"] as { decision: boolean }[]).map(({ decision }) => decision);
  };

  test.each([
    [undefined, ["red", "blue", "green"], [true, false, true]],
    ["execute_all", ["red", "blue", "green"], [true, false, true]],
    ["deny_on_first_deny", ["red", "blue", "green"], [true, false]],
    ["deny_on_first_deny", ["red", "green"], [true, true]],
    ["permit_on_first_permit", ["blue", "red", "green"], [false, true]],
    ["permit_on_first_permit", ["blue", "black"], [false, false]],
  ])("%s of %j is %j", async (semantic, boxes, wanted) => {
    expect(await several(semantic, boxes)).toEqual(wanted);
  });

  test("what isn't executed is not spent", async () => {
    const subject = { type: "agent", id: "spare" };
    const before = await decisionsOf("spare");
    const note = (text: string) => ({ action: { name: "notes.add", properties: { text } } });
    const body = { subject, resource: tool("notes.add"), options: { evaluations_semantic: "permit_on_first_permit" } };
    await edge.ask("evaluations", { ...body, evaluations: [note("x"), note("y"), note("z")] });
    expect(await decisionsOf("spare")).toBe(before + 1);
  });

  test("one that can't be asked is denied by itself, and says why", async () => {
    const evaluations = [item("red"), { resource: "red" }, { subject: { id: "bot" } }, { resource: { type: "boxes" } }];
    const reply = await edge.ask("evaluations", { subject: bot, action: { name: "open" }, evaluations });
    const wrong = { decision: false, context: { error: { status: 400, message: expect.any(String) } } };
    expect(reply.body["evaluations"]).toEqual([expect.objectContaining({ decision: true }), wrong, wrong, wrong]);
  });

  test.each([
    ["a semantic that isn't known", { options: { evaluations_semantic: "allow_all" }, evaluations: [item("red")] }],
    ["options that are no object", { options: "execute_all", evaluations: [item("red")] }],
    ["evaluations that are no list", { evaluations: item("red") }],
    ["an item that is no object", { evaluations: ["red"] }],
    ["more than 20", { evaluations: Array.from({ length: 21 }, () => item("red")) }],
  ])("%s is 400", async (_, body) => {
    expect((await edge.ask("evaluations", { subject: bot, action: { name: "open" }, ...body })).status).toBe(400);
  });
});

describe("what can't be asked", () => {
  test.each([
    ["an unknown field of this edge's own", { agentpolicy: { approvals: "apr_1" } }],
    ["a hash that is none", { agentpolicy: { tool_sha256: "x" } }],
    ["a request id that is none", { agentpolicy: { request_id: "" } }],
    ["a context that is no object", "now"],
    ["a context that is a list", []],
    ["one of this edge's own that is no object", { agentpolicy: "x" }],
  ])("%s is 400", async (_, context) => {
    expect((await evaluate("notes.add", { context: context as object })).status).toBe(400);
  });

  test.each([
    [
      "duplicate keys",
      '{"subject":{"type":"agent","id":"bot","id":"alone"},"action":{"name":"x"},"resource":{"type":"a","id":"b"}}',
    ],
    ["a list", "[]"],
    ["nothing", ""],
    ["another encoding", new Uint8Array([0xff, 0xfe, 0x7b])],
    [
      "a context that is a number which no double holds",
      '{"subject":{"type":"agent","id":"bot"},"action":{"name":"notes.add"},"resource":{"type":"a","id":"b"},"context":1e5}',
    ],
  ])("%s is 400", async (_, body) => {
    expect((await edge.ask("evaluation", body)).status).toBe(400);
  });

  test("whoever isn't a gateway is 401, with its request id", async () => {
    const tokens = [null, "x.y.z", await edge.personToken("oda@corp.example"), await edge.assertion("front_door")];
    for (const path of ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"])
      for (const token of tokens) {
        const reply = await edge.ask(path, {}, { token, headers: { "X-Request-ID": "q 1/2" } });
        expect([reply.status, reply.headers.get("x-request-id")]).toEqual([401, "q 1/2"]);
        expect(reply.headers.get("cache-control")).toBe("no-store");
      }
  });
});

describe("a kill", () => {
  test("of the agent holds for every question, and nothing is found by searching", async () => {
    const token = await edge.personToken("oda@corp.example");
    const open = { subject: bot, action: { name: "open" }, resource: { type: "boxes", id: "red" } };
    await edge.call("/v1/switches/agent/bot", { method: "PUT", token, body: { reason: "x" } });
    expect((await edge.ask("evaluation", open)).body).toMatchObject({
      decision: false,
      context: { agentpolicy: { reason: "killed" } },
    });
    expect((await edge.ask("search/action", open)).body["results"]).toEqual([]);
    await edge.call("/v1/switches/agent/bot", { method: "DELETE", token, body: { reason: "y" } });
  });
});
