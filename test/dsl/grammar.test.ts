/** What Chevrotain proves of a grammar once it is asked: that no two alternatives begin alike, and no loop is empty. */
import { expect, test } from "vitest";
import { PolicyParser } from "../../dsl/grammar/policy-parser.ts";

test("the grammar is unambiguous", () => {
  expect(() => new PolicyParser(true)).not.toThrow();
});
