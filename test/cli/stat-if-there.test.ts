/** A file that can't be looked at isn't taken for one that isn't there. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readToolFiles } from "../../cli/read-sources.ts";
import { statIfThere } from "../../cli/stat-if-there.ts";
import { agentpolicy, folderWith } from "./run-command.ts";

test("nothing is there, something is, or nobody can say", async () => {
  using folder = folderWith({ file: "x" });
  symlinkSync("loop", join(folder.path, "loop"));
  expect(await statIfThere(join(folder.path, "none"))).toBeNull();
  expect((await statIfThere(join(folder.path, "file")))?.isFile()).toBe(true);
  await expect(statIfThere(join(folder.path, "loop"))).rejects.toMatchObject({ exitCode: 3 });
  await expect(statIfThere(join(folder.path, "file/below"))).rejects.toMatchObject({ exitCode: 3 });
});

test("a catalogue that can't be read is no missing catalogue", async () => {
  using folder = folderWith({});
  const path = join(folder.path, "loop.json");
  symlinkSync("loop.json", path);
  const text = `server s mcp "https://s.example/mcp" tools "loop.json" sha256 "${"0".repeat(64)}"\n`;
  await expect(readToolFiles([{ name: join(folder.path, "p.agentpolicy"), text }])).rejects.toMatchObject({
    exitCode: 3,
  });
});

test.each([
  ["diff", ["diff", "loop.json", "."]],
  ["import", ["import", "mcp", "tools.json", "--out", "loop.json"]],
])("%s says what is wrong with the path", async (_, args) => {
  using folder = folderWith({ "tools.json": '{"tools":[]}' });
  symlinkSync("loop.json", join(folder.path, "loop.json"));
  const { code, stderr } = await agentpolicy(args, { cwd: folder.path });
  expect([code, stderr]).toEqual([3, expect.stringContaining("`loop.json`")]);
});
