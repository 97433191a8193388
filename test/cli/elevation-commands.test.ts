/** A role that an agent asks for, at the terminal of whoever decides, against the real Worker. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EdgeUnderTest } from "../edge-http/edge-under-test.ts";
import { type EdgeInFolder, startTestEdgeInFolder } from "./edge-in-folder.ts";

const ROLE = `role cleaner {
  /// Only what is in the attic.
  allow files.write on "files/attic/**"
}
`;

let here: EdgeInFolder["here"];
let tools: EdgeUnderTest;
let stop: EdgeInFolder["stop"];

beforeAll(async () => {
  const own = new Map([["bot", "may become cleaner via lead_review for 30m"]]);
  ({ here, tools, stop } = await startTestEdgeInFolder({ more: ROLE, own }));
});
afterAll(() => stop());

async function asked(): Promise<{ readonly id: string; readonly token: string }> {
  const { token } = await tools.open();
  const body = { role: "cleaner", reason: "the attic is full\u202e" };
  const reply = await tools.call("/v1/elevations", { method: "POST", token, body });
  expect(reply.status).toBe(202);
  return { id: String(reply.body["id"]), token };
}

describe("approvals, approve and deny", () => {
  test("show which role and for how long, what it brings, and why it is asked for", async () => {
    const { id } = await asked();
    expect((await here("approvals")).stdout).toContain("bot asks for role cleaner for 30m\n");
    const { stdout, stderr, code } = await here("approve", id);
    expect(code).toBe(2);
    expect(stdout).toMatch(/needs +\w+: 0 of 1 votes, with a reason\n/);
    expect(stderr).toMatch(/run this again with\s+`--digest sha256:\w+`\s+and `--reason "…"`/);
    expect(stdout).toMatch(/role +cleaner for 30m: its rules count in this session for so long/);
    expect(stdout).toMatch(/gains +allow files\.write on "files\/attic\/\*\*" Only what is in the attic\./);
    expect(stdout).toContain("the attic is full\\u{202e}");
    expect(stdout).not.toContain("arguments");
  });

  test("say what became of it, and the agent has the role or never gets it", async () => {
    const [yes, no] = [await asked(), await asked()];
    const digestOf = async (id: string) => /sha256:[0-9a-f]{64}/.exec((await here("approve", id)).stdout)?.[0] ?? "";
    const mute = await here("approve", yes.id, "--digest", await digestOf(yes.id));
    expect(mute.stderr).toBe('agentpolicy: this approval needs a reason\n  help: say why with `--reason "…"`\n');
    const approved = await here("approve", yes.id, "--digest", await digestOf(yes.id), "--reason", "fine");
    expect(approved).toMatchObject({ code: 0 });
    expect(approved.stdout).toContain("the agent has the role from now on");
    expect((await tools.call("/v1/session", { token: yes.token })).body["roles"]).toMatchObject([{ role: "cleaner" }]);
    const denied = await here("deny", no.id, "--digest", await digestOf(no.id), "--reason", "not today");
    expect(denied).toMatchObject({ code: 0 });
    expect((await tools.call("/v1/session", { token: no.token })).body["roles"]).toEqual([]);
  });
});
