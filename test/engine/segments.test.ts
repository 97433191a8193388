import { expect, test } from "vitest";
import { type Action, checkArgs } from "../../engine/index.ts";

const read: Action = {
  name: "files.read",
  params: [{ name: "file", type: { kind: "path", absolute: false, lower: false }, optional: false, secret: false }],
  open: false,
  classes: [{ name: "read", when: null }],
  resources: null,
  yields: [],
  clears: [],
  recovery: null,
  tool: null,
  doc: null,
};

test.each([
  ["sales/../finance/x", "must not hold the segment `..`: name the resource itself"],
  ["sales/./x", "must not hold the segment `.`: name the resource itself"],
  ["sales/x.", "must not end in a dot: it names a resource"],
  ["sales//x", "must not hold an empty segment"],
  ["sales/é.", "must not end in a dot: it names a resource"],
])("the path `%s` is refused for what is wrong with it", (file, detail) => {
  expect(checkArgs(read, { file })).toEqual([{ pointer: "/file", detail }]);
});
