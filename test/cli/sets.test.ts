/** `agentpolicy sets`, run as a child process against the real Worker. */
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compiledTable } from "../harness/compiled-table.ts";
import { type EdgeInFolder, startEdgeInFolder } from "./edge-in-folder.ts";
import { FIRST_POLICY } from "./run-command.ts";
import type { Ran } from "./run-command.ts";

let folder: EdgeInFolder;

beforeAll(async () => {
  const policy = readFileSync(join(FIRST_POLICY, "sales.agentpolicy"), "utf8");
  const group = /^group (\w+)/m.exec(policy)?.[1] ?? "";
  folder = await startEdgeInFolder(compiledTable(`${policy}\nlive set vendors editors ${group}\n`));
});
afterAll(() => folder.stop());

const here = (...args: string[]): Promise<Ran> => folder.here("sets", ...args);

test("lists, changes, shows and remembers", async () => {
  expect((await here()).stdout).toBe("vendors  yours to change\n");
  expect((await here("vendors")).stderr).toContain("nothing is in it");
  const added = await here("add", "vendors", "acme.example", "Blue.example", "--reason", "signed");
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^added to vendors as \S+@\S+\n$/) });
  expect(added.stderr).toContain("never equals a host or a mail address: Blue.example");
  expect((await here("remove", "vendors", "Blue.example", "--reason", "misspelt")).code).toBe(0);
  expect((await here("vendors")).stdout).toBe("acme.example\n");
  const { stdout } = await here("vendors", "--history");
  expect(stdout).toMatch(/misspelt\n {8}- Blue\.example\n[^]*signed\n {8}\+ acme\.example\n {8}\+ Blue\.example\n$/);
});

test("a set that isn't there says where to look", async () => {
  for (const args of [["vendor"], ["add", "vendor", "x", "--reason", "r"]]) {
    const { code, stderr } = await here(...args);
    expect(code).toBe(1);
    expect(stderr).toContain("help: `agentpolicy sets` lists those that you may read");
  }
});

test.each([
  ["why? a change of a live set goes on record", ["add", "vendors", "x"]],
  ["what is there to remove, and where?", ["remove", "vendors", "--reason", "r"]],
  ["`vendors` is nothing to do", ["vendors", "acme"]],
])("%s", async (message, args) => {
  const { code, stderr } = await here(...args);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
