import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatDecimal, parseDecimal } from "../../engine/index.ts";
import { compareNumbers, isDecimalNumber, scaledOf } from "../../engine/values/decimal.ts";

const SCALED = fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n });

test("a decimal survives being printed and read", () => {
  fc.assert(
    fc.property(SCALED, (scaled) => {
      expect(parseDecimal(formatDecimal(scaled))).toBe(scaled);
    }),
  );
});

test("texts compare as the exact numbers do", () => {
  fc.assert(
    fc.property(SCALED, SCALED, (left, right) => {
      const order = left < right ? -1 : left > right ? 1 : 0;
      expect(compareNumbers(formatDecimal(left), formatDecimal(right))).toBe(order);
    }),
  );
});

test("a number and a text compare exactly, whatever their length", () => {
  const small = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n });
  fc.assert(
    fc.property(small, SCALED, (left, right) => {
      const order = left < right ? -1 : left > right ? 1 : 0;
      expect(compareNumbers(Number(formatDecimal(left)), formatDecimal(right))).toBe(order);
    }),
  );
});

test("a JSON number of at most 15 digits is exactly the decimal that was written", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }), (scaled) => {
      const value = Number(formatDecimal(scaled));
      expect(isDecimalNumber(value)).toBe(true);
      expect(scaledOf(value)).toBe(scaled);
    }),
  );
});

test("a tenth, ten thousand times, is a thousand", () => {
  let sum = 0n;
  for (let time = 0; time < 10_000; time++) sum += scaledOf(0.1);
  expect(formatDecimal(sum)).toBe("1000");
});

test.each([0.1 + 0.2, 1e-7, 1e12, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, -0, 123_456_789.123_456_7])(
  "%d is no exact decimal",
  (value) => expect(isDecimalNumber(value)).toBe(false),
);

test.each([
  "",
  "-",
  ".5",
  "5.",
  "05",
  "+5",
  "-0",
  "-0.00",
  "1e3",
  "1,000",
  "0x1",
  "1.0000001",
  "1".repeat(13),
  " 1",
  "1\n",
])("%j is no decimal", (text) => expect(parseDecimal(text)).toBeNull());
