/** What `fmt` and `check --fix` write goes to the files that were read, and over nothing that came later. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compilePath } from "../../cli/compile-path.ts";
import { writeFixes } from "../../cli/report/write-fixes.ts";
import { rewriteSources } from "../../cli/rewrite-sources.ts";
import { readSources } from "../../cli/read-sources.ts";
import { readCorpus } from "../harness/corpus-file.ts";
import { folderWith } from "./run-command.ts";

const TYPO = readCorpus("diagnostics/names.agentpolicy").text;

test("a file that came after the policy was read takes no other file's fixes", async () => {
  using folder = folderWith({ "b.agentpolicy": TYPO });
  const compiled = await compilePath(folder.path);
  writeFileSync(join(folder.path, "a.agentpolicy"), "// new\n");
  const fixed = await writeFixes(compiled);
  expect(readFileSync(join(folder.path, "a.agentpolicy"), "utf8")).toBe("// new\n");
  expect(readFileSync(join(folder.path, "b.agentpolicy"), "utf8")).toBe(fixed.sources[0]?.text);
  expect(fixed.sources[0]?.text).not.toBe(TYPO);
});

test("a file that changed or went after it was read is left alone, and so are all the others", async () => {
  using folder = folderWith({ "a.agentpolicy": "// a\n", "b.agentpolicy": "// b\n" });
  const sources = await readSources(folder.path);
  const rewrites = sources.map((source) => ({ source, text: `${source.text}// more\n` }));
  const second = join(folder.path, "b.agentpolicy");
  writeFileSync(second, "// somebody else's\n");
  await expect(rewriteSources(rewrites)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("changed after it was read, and nothing was written"),
  });
  expect(readFileSync(second, "utf8")).toBe("// somebody else's\n");
  rmSync(second);
  await expect(rewriteSources(rewrites)).rejects.toMatchObject({ exitCode: 3 });
  expect(readFileSync(join(folder.path, "a.agentpolicy"), "utf8")).toBe("// a\n");
});
