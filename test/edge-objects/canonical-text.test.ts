import canonicalize from "canonicalize";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalText } from "../../edge/canonical-text.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 2_000);

/** Names that JavaScript orders or takes otherwise than others, beside plain ones. */
const name = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "hash",
    "hash0",
    "z",
    "1",
    "10",
    "2",
    "__proto__",
    "toString",
    "",
    "A",
    "é",
    "\uffff",
    "😀",
  ),
  fc.string({ unit: "binary" }),
);
const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("\\ud83d", 'a"b', "\u2028", "\u007f"),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("any")), fc.dictionary(name, tie("any"))),
})).any;

test("whichever way it is written, it is what the library writes", () => {
  fc.assert(
    fc.property(
      value.filter((each) => each !== undefined),
      (each) => {
        expect(canonicalText(each)).toBe(canonicalize(each));
      },
    ),
    { numRuns: RUNS },
  );
});

test("what has no canonical form is refused", () => {
  for (const [what, why] of [
    [{ a: "\ud800" }, "Lone surrogate"],
    [{ "a\udc00": 1 }, "Lone surrogate"],
    [[Number.NaN], "NaN"],
    [{ a: Number.POSITIVE_INFINITY }, "Infinity"],
    [undefined, "only what JSON can hold"],
  ] as const)
    expect(() => canonicalText(what)).toThrow(why);
});

test("a value of a class is written as the library writes it", () => {
  expect(canonicalText({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  expect(canonicalText({ of: new Map([[1, 2]]) })).toBe('{"of":{}}');
});
