/** Breakers and roles when the edge is killed in the very moment that it has answered. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { personToken, requesterToken } from "../../cli/local/development-tokens.ts";
import { readKeys } from "../../cli/local/edge-keys.ts";
import { freePort } from "../../cli/local/port.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import type { OpenSessionResponse } from "../../sdk/index.ts";
import { EdgeProcess } from "../chaos/edge-process.ts";
import { until } from "../harness/until.ts";
import { EdgeUnderTest, makeAgents, tableText } from "./edge-under-test.ts";

const BREAKERS = `breaker runaway { when 3 denied in 1h per session then kill session, tell log }
breaker wild    { when 4 denied in 1h per agent   then kill agent, tell log }
breaker clumsy  { when 2 failed in 1h per agent   then kill agent, tell log }
`;

let directory: string;
let edge: EdgeProcess;
let tools: EdgeUnderTest;
let operator: string;
let requester: string;

/** What happens to one session or agent; at each `yield` the edge crashes, with all of them under way. */
type Story = () => AsyncGenerator<void, void>;

const wrong = new Map<Story, unknown>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "agentpolicy-breakers-"));
  const agents = await makeAgents();
  const table = tableText(agents, { more: BREAKERS });
  writeFileSync(join(directory, "table.json"), table);
  edge = new EdgeProcess(directory, await freePort());
  await edge.start();
  tools = new EdgeUnderTest({ url: edge.url } as LocalEdge, agents, table);
  const keys = await readKeys(edge.state);
  operator = await personToken(keys, { email: "oda@corp.example" });
  requester = await requesterToken(keys, { email: "kim@corp.example", agent: "clerk" });
  await live();
});
afterAll(async () => {
  await edge.end();
  rmSync(directory, { recursive: true, force: true });
});

async function live(): Promise<void> {
  const lives = [frozen, killed, failed].map((story) => ({ story, life: story() }));
  for (let living = lives; living.length > 0; ) {
    const over = await Promise.all(living.map(({ story, life }) => goOn(story, life)));
    living = living.filter((_, at) => !over[at]);
    if (living.length === 0) return;
    await edge.end();
    await edge.start();
  }
}

/** Up to the next crash. @returns whether that was the end */
async function goOn(story: Story, life: ReturnType<Story>): Promise<boolean> {
  try {
    return (await life.next()).done === true;
  } catch (error) {
    wrong.set(story, error);
    return true;
  }
}

const denied = ({ token }: OpenSessionResponse) =>
  tools.decide(token, { action: "files.read", args: { file: "secret/a" } });
const read = ({ token }: OpenSessionResponse) => tools.decide(token, { action: "files.read", args: { file: "a" } });

interface Switch {
  readonly name: string;
  readonly by: string;
  readonly reason: string;
}

async function switchesOf(name: string): Promise<readonly Switch[]> {
  const { body } = await tools.call("/v1/switches?history=true", { token: operator });
  return (body["switches"] as readonly Switch[]).filter((each) => each.name === name);
}

/** Nobody asks meanwhile: what was left undone is done by alarms. */
function untilFlipped(name: string): Promise<void> {
  return until(`a switch is flipped for ${name}`, async () => (await switchesOf(name)).length > 0);
}

async function* frozen(): ReturnType<Story> {
  const session = await tools.open("bot");
  for (const _ of [1, 2]) await denied(session);
  yield;
  await denied(session);
  yield;
  await untilFlipped(session.session.id);
  expect(await read(session)).toMatchObject({ decision: "deny", reason: "frozen" });
  yield;
  expect(await read(session)).toMatchObject({ decision: "deny", reason: "frozen" });
  expect(await switchesOf(session.session.id)).toMatchObject([{ by: "edge#breaker runaway" }]);
}

async function* killed(): ReturnType<Story> {
  const [one, other] = [await tools.open("helper"), await tools.open("helper")];
  for (const session of [one, one, other]) await denied(session);
  yield;
  await denied(other);
  yield;
  await untilFlipped("helper");
  yield;
  for (const session of [one, other]) expect(await read(session)).toMatchObject({ reason: "killed" });
  expect(await switchesOf("helper")).toMatchObject([{ by: "edge#breaker wild" }]);
}

async function* failed(): ReturnType<Story> {
  const { token } = await tools.open("clerk", { requester_token: requester });
  const report = (decision_id: string) =>
    tools.call("/v1/outcomes", { method: "POST", token, body: { decision_id, status: "error" } });
  const [first, second] = [await tools.decide(token, FILE), await tools.decide(token, FILE)];
  expect(await report(first.decision_id)).toMatchObject({ status: 200 });
  yield;
  expect(await report(first.decision_id)).toMatchObject({ status: 200 });
  yield;
  // Counted twice, the first would have tripped it.
  expect(await switchesOf("clerk")).toEqual([]);
  expect(await report(second.decision_id)).toMatchObject({ status: 200 });
  yield;
  await untilFlipped("clerk");
  const reason = expect.stringContaining(second.decision_id) as string;
  expect(await switchesOf("clerk")).toMatchObject([{ by: "edge#breaker clumsy", reason }]);
}

const FILE = { action: "files.read", args: { file: "a" } };

test.each([
  ["a session that a breaker froze is frozen after the crash, and its switch is flipped once", frozen],
  ["an agent whose sessions were denied too often before the crash is killed after it, once", killed],
  ["outcomes that were acknowledged before the crash count after it, each once", failed],
] as const)("%s", (_, story) => {
  if (wrong.has(story)) throw wrong.get(story);
});
