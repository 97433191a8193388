import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hold } from "../fuzz/hold.ts";

const root = new URL("../../", import.meta.url);
const policies = globSync("{bench,cli,docs,examples,test}/**/*.agentpolicy", { cwd: root.pathname }).toSorted();

test.each(policies)("%s is laid out once and for all, with its comments, and to the same table", (name) => {
  expect(() => hold(readFileSync(new URL(name, root), "utf8"))).not.toThrow();
});
