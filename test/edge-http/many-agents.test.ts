/** Lists of sessions over a policy with more agents than one page asks. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEdge } from "../../cli/local/start-edge.ts";
import { connectPerson } from "../../sdk/index.ts";
import { makeKeys } from "../harness/agent-keys.ts";
import { EdgeUnderTest, tableText } from "./edge-under-test.ts";

const NAMES = Array.from({ length: 230 }, (_, index) => `agent_${String(index).padStart(3, "0")}`);

let edge: EdgeUnderTest;
let auditor: string;

beforeAll(async () => {
  const agents = await makeKeys<string>(NAMES);
  const table = tableText(agents);
  edge = new EdgeUnderTest(await startEdge({ table, directory: null }), agents, table);
  auditor = await edge.edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
});
afterAll(() => edge.edge.stop());

test("name every session once, page by page, and to whoever asks for all of them the newest first", async () => {
  const opened: string[] = [];
  for (const agent of ["agent_229", "agent_000", "agent_199", "agent_200"])
    opened.push((await edge.open(agent)).session.id);
  const first = (await edge.call("/v1/sessions", { token: auditor })).body;
  expect(first).toMatchObject({
    cursor: "agent_199",
    more: true,
    sessions: [{ agent: "agent_199" }, { agent: "agent_000" }],
  });
  const second = (await edge.call("/v1/sessions?after=agent_199", { token: auditor })).body;
  expect(second).toMatchObject({
    cursor: "agent_229",
    more: false,
    sessions: [{ agent: "agent_200" }, { agent: "agent_229" }],
  });
  const person = connectPerson({ edge: edge.url, token: auditor });
  expect((await person.sessions()).map(({ id }) => id)).toEqual(opened.toReversed());
  expect((await person.sessions("agent_200")).map(({ id }) => id)).toEqual(opened.slice(-1));
});
