/** A person for an agent of the edge on this machine to work for, from the terminal. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EdgeUnderTest } from "../edge-http/edge-under-test.ts";
import { type EdgeInFolder, startTestEdgeInFolder } from "./edge-in-folder.ts";
import { agentpolicy } from "./run-command.ts";
import type { Ran } from "./run-command.ts";

let folder: EdgeInFolder & { readonly tools: EdgeUnderTest };

beforeAll(async () => {
  folder = await startTestEdgeInFolder();
});
afterAll(() => folder.stop());

/** `clerk` works only for a person. */
async function openClerk(...more: string[]): Promise<Ran> {
  return folder.here("sessions", "open", "clerk", "--credential", await folder.tools.assertion("clerk"), ...more);
}

test("each call gives a token that opens one session for whom it names", async () => {
  for (const email of ["kim@corp.example", "joe@corp.example"]) {
    const { code, stdout } = await folder.here("sessions", "requester-token", "clerk", "--for", email);
    expect(code).toBe(0);
    const opened = await openClerk("--requester-token", stdout.trim());
    expect(opened.code).toBe(0);
    const token = opened.stdout.trim();
    expect((await folder.tools.call("/v1/session", { token })).body["requester"]).toBe(email);
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
  const env = { AGENTPOLICY_EDGE: folder.edge.url };
  const { code, stderr } = await agentpolicy(["sessions", "requester-token", "clerk"], { cwd: folder.path, env });
  expect([code, stderr]).toEqual([2, expect.stringContaining("only the edge on this machine")]);
});
