/** A person for an agent of the edge on this machine to work for, from the terminal. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { EdgeUnderTest, makeAgents, tableText } from "../edge-http/edge-under-test.ts";
import { agentpolicy, folderWith } from "./run-command.ts";
import type { Folder, Ran } from "./run-command.ts";

let folder: Folder;
let edge: LocalEdge;
let tools: EdgeUnderTest;

beforeAll(async () => {
  folder = folderWith({});
  const agents = await makeAgents();
  const table = tableText(agents);
  edge = await startEdge({ table, directory: join(folder.path, ".agentpolicy") });
  tools = new EdgeUnderTest(edge, agents, table);
});
afterAll(async () => {
  await edge.stop();
  folder[Symbol.dispose]();
});

const here = (...args: string[]): Promise<Ran> => agentpolicy(args, { cwd: folder.path });

/** `clerk` works only for a person. */
async function openClerk(...more: string[]): Promise<Ran> {
  return here("sessions", "open", "clerk", "--credential", await tools.assertion("clerk"), ...more);
}

test("each call gives a token that opens one session for whom it names", async () => {
  for (const email of ["kim@corp.example", "joe@corp.example"]) {
    const { code, stdout } = await here("sessions", "requester-token", "clerk", "--for", email);
    expect(code).toBe(0);
    const opened = await openClerk("--requester-token", stdout.trim());
    expect(opened.code).toBe(0);
    const token = opened.stdout.trim();
    expect((await tools.call("/v1/session", { token })).body["requester"]).toBe(email);
    const again = await openClerk("--requester-token", stdout.trim());
    expect(again.code).toBe(3);
    expect(again.stderr.replaceAll(/\s+/g, " ")).toContain(
      "a requester's token opens one session; at the dev edge `agentpolicy sessions requester-token clerk` prints another",
    );
  }
});

test("who opens without one is told how to get one", async () => {
  const { code, stderr } = await openClerk();
  expect(code).toBe(1);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(
    "with `--requester-token`; at the dev edge `agentpolicy sessions requester-token clerk` prints it",
  );
});

test("no other edge gives them", async () => {
  const env = { AGENTPOLICY_EDGE: edge.url };
  const { code, stderr } = await agentpolicy(["sessions", "requester-token", "clerk"], { cwd: folder.path, env });
  expect([code, stderr]).toEqual([2, expect.stringContaining("only the edge on this machine")]);
});
