/** Breakers and roles when the edge is killed in the very moment that it has answered. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { personToken } from "../../cli/local/development-tokens.ts";
import { readKeys } from "../../cli/local/edge-keys.ts";
import { freePort } from "../../cli/local/port.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import type { OpenSessionResponse } from "../../sdk/index.ts";
import { EdgeProcess } from "../chaos/edge-process.ts";
import type { AgentKeys } from "../harness/agent-keys.ts";
import { EdgeUnderTest, makeAgents, tableText } from "./edge-under-test.ts";

const BREAKERS = `breaker runaway { when 3 denied in 1h per session then kill session, tell log }
breaker wild    { when 4 denied in 1h per agent   then kill agent, tell log }
breaker clumsy  { when 2 failed in 1h per agent   then kill agent, tell log }
`;

let directory: string;
let agents: AgentKeys;
let table: string;
let edge: EdgeProcess;
let tools: EdgeUnderTest;
let operator: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "agentpolicy-breakers-"));
  agents = await makeAgents();
  table = tableText(agents, { more: BREAKERS });
  writeFileSync(join(directory, "table.json"), table);
  edge = new EdgeProcess(directory, await freePort());
  await edge.start();
  tools = new EdgeUnderTest({ url: edge.url } as LocalEdge, agents, table);
  operator = await personToken(await readKeys(edge.state), { email: "oda@corp.example" });
});
afterAll(async () => {
  await edge.end();
  rmSync(directory, { recursive: true, force: true });
});

async function crash(): Promise<void> {
  await edge.end();
  await edge.start();
}

const denied = ({ token }: OpenSessionResponse) =>
  tools.decide(token, { action: "files.read", args: { file: "secret/a" } });
const read = ({ token }: OpenSessionResponse) => tools.decide(token, { action: "files.read", args: { file: "a" } });

async function switchesOf(name: string): Promise<readonly { readonly by: string }[]> {
  const { body } = await tools.call("/v1/switches?history=true", { token: operator });
  const switches = body["switches"] as readonly { readonly name: string; readonly by: string }[];
  return switches.filter((each) => each.name === name);
}

/** Nobody asks meanwhile: what was left undone is done by alarms. */
async function untilFlipped(name: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if ((await switchesOf(name)).length > 0) return;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`no switch was flipped for ${name}`);
}

test("a session that a breaker froze is frozen after the crash, and its switch is flipped once", async () => {
  const session = await tools.open("bot");
  for (const _ of [1, 2]) await denied(session);
  await crash();
  await denied(session);
  await crash();
  await untilFlipped(session.session.id);
  expect(await read(session)).toMatchObject({ decision: "deny", reason: "frozen" });
  await crash();
  expect(await read(session)).toMatchObject({ decision: "deny", reason: "frozen" });
  expect(await switchesOf(session.session.id)).toMatchObject([{ by: "edge#breaker runaway" }]);
});

test("an agent whose sessions were denied too often before the crash is killed after it, once", async () => {
  const [one, other] = [await tools.open("helper"), await tools.open("helper")];
  for (const session of [one, one, other]) await denied(session);
  await crash();
  await denied(other);
  await crash();
  await untilFlipped("helper");
  await crash();
  for (const session of [one, other]) expect(await read(session)).toMatchObject({ reason: "killed" });
  expect(await switchesOf("helper")).toMatchObject([{ by: "edge#breaker wild" }]);
});

test("outcomes that were acknowledged before the crash count after it, each once", async () => {
  const { token } = await tools.open("bot");
  const report = (decision_id: string) =>
    tools.call("/v1/outcomes", { method: "POST", token, body: { decision_id, status: "error" } });
  const [first, second] = [await tools.decide(token, FILE), await tools.decide(token, FILE)];
  expect(await report(first.decision_id)).toMatchObject({ status: 200 });
  await crash();
  expect(await report(first.decision_id)).toMatchObject({ status: 200 });
  await new Promise((next) => setTimeout(next, 1_500));
  expect(await switchesOf("bot")).toEqual([]);
  expect(await report(second.decision_id)).toMatchObject({ status: 200 });
  await crash();
  await untilFlipped("bot");
  expect(await switchesOf("bot")).toMatchObject([{ by: "edge#breaker clumsy" }]);
});

const FILE = { action: "files.read", args: { file: "a" } };
