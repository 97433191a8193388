import * as fc from "fast-check";
import { expect, test } from "vitest";
import { globTest } from "../../engine/values/glob.ts";

/** By definition, one character at a time. */
function naive(glob: readonly string[], text: readonly string[]): boolean {
  const [head, ...rest] = glob;
  if (head === undefined) return text.length === 0;
  if (head === "*") return naive(rest, text) || (text.length > 0 && naive(glob, text.slice(1)));
  return text.length > 0 && (head === "?" || head === text[0]) && naive(rest, text.slice(1));
}

const letters = fc.array(fc.constantFrom("a", "b", "😀", "é"), { maxLength: 8 });
const globs = fc.array(fc.constantFrom("a", "b", "😀", "*", "?"), { maxLength: 6 });

test("globs match as they are defined", () => {
  fc.assert(
    fc.property(globs, letters, (glob, text) => {
      expect(globTest(glob.join(""))(text.join(""))).toBe(naive(glob, text));
    }),
    { numRuns: 3000 },
  );
});

test("a hostile text takes no longer than a kind one", () => {
  const text = "a".repeat(100_000);
  expect(globTest("*a*a*a*b")(text)).toBe(false);
  expect(globTest("*a?a*?a*a")(text)).toBe(true);
});

test.each([
  ["a.c", "abc", false],
  ["[ab]", "a", false],
  ["(a+)+$", "aaaa", false],
  ["", "", true],
  ["", "a", false],
])("%j stands for itself and is no expression: %j", (glob, text, matches) => {
  expect(globTest(glob)(text)).toBe(matches);
});
