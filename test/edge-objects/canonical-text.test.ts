import canonicalize from "canonicalize";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalText } from "../../edge/canonical-text.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 2_000);

const PLAIN = ["a", "b", "hash", "hash0", "z"];
/** Names that JavaScript orders or takes otherwise than others. */
const ODD = ["1", "10", "2", "__proto__", "toString", "", "A", "é", "\uffff", "😀"];

const name = fc.oneof(fc.constantFrom(...PLAIN, ...ODD), fc.string({ unit: "binary" }));
const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("\\ud83d", 'a"b', "\u2028", "\u007f"),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value")), fc.dictionary(name, tie("value"))),
}));

test("whichever way a value is written, its text is the library's", () => {
  const written = value.filter((each) => each !== undefined);
  fc.assert(
    fc.property(written, (each) => {
      expect(canonicalText(each)).toBe(canonicalize(each));
    }),
    { numRuns: RUNS },
  );
});

test.each([
  ["a text with half a pair of surrogates", { a: "\ud800" }, "Lone surrogate"],
  ["a name with half a pair", { "a\udc00": 1 }, "Lone surrogate"],
  ["NaN", [Number.NaN], "NaN"],
  ["an infinite number", { a: Number.POSITIVE_INFINITY }, "Infinity"],
  ["nothing at all", undefined, "only what JSON can hold"],
])("%s has no canonical form and is refused", (_, refused, why) => {
  expect(() => canonicalText(refused)).toThrow(why);
});

test("a value of a class is written as the library writes it", () => {
  expect(canonicalText({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  expect(canonicalText({ of: new Map([[1, 2]]) })).toBe('{"of":{}}');
});
