/** As whom a command acts at the dev edge, where the folder of its tokens isn't as it should be. */
import { expect, test } from "vitest";
import { agentpolicy, folderWith } from "./run-command.ts";

const EDGE = "http://127.0.0.1:9";

test("an edge whose people have no tokens knows nobody", async () => {
  using folder = folderWith({ ".agentpolicy/edge": EDGE });
  const { code, stderr } = await agentpolicy(["switches", "--as", "kim@acme.example"], { cwd: folder.path });
  expect(code).toBe(2);
  expect(stderr).toContain("the dev edge knows no `kim@acme.example`");
});

test("tokens that can't be read aren't taken for none", async () => {
  using folder = folderWith({ ".agentpolicy/edge": EDGE, ".agentpolicy/tokens/people": "not a folder" });
  const { code, stderr } = await agentpolicy(["switches", "--as", "kim@acme.example"], { cwd: folder.path });
  expect(code).toBe(3);
  expect(stderr.replaceAll(/\s+/g, " ")).toMatch(/tokens\/people` goes through something that isn't a directory/);
});
