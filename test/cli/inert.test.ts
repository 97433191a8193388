/** What strangers wrote can neither move the cursor, nor hide, nor turn around. */
import { describe, expect, test } from "vitest";
import { inert, inertJson, visibleJson } from "../../cli/inert.ts";

describe("inert text", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["plain text stays", "Refund o-1, 80.00 € für Jürgen, 返金", "Refund o-1, 80.00 € für Jürgen, 返金"],
    ["an ANSI colour", "\u001b[32mapproved\u001b[0m", "\\u{1b}[32mapproved\\u{1b}[0m"],
    ["an 8-bit escape", "\u009b2J", "\\u{9b}2J"],
    ["a terminal title", "\u001b]0;ok\u0007", "\\u{1b}]0;ok\\u{7}"],
    ["newlines and tabs", "a\nb\tc\rd", "a\\nb\\tc\\rd"],
    ["a right-to-left override", "\u202egpj.exe", "\\u{202e}gpj.exe"],
    ["isolates", "\u2066x\u2069", "\\u{2066}x\\u{2069}"],
    ["zero width", "pay\u200bpal\u2060\ufeff", "pay\\u{200b}pal\\u{2060}\\u{feff}"],
    ["tag characters", "a\u{e0041}b", "a\\u{e0041}b"],
    ["a variation selector", "a\ufe0fb", "a\\u{fe0f}b"],
    ["a no-break space", "a\u00a0b", "a\\u{a0}b"],
    ["a Hangul filler, a blank Braille cell", "a\u3164\u115f\u2800b", "a\\u{3164}\\u{115f}\\u{2800}b"],
    ["half a surrogate pair", "a\ud800b", "a\\u{d800}b"],
    ["a backspace", "no\b\byes", "no\\u{8}\\u{8}yes"],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => {
      expect(inert(text)).toBe(expected);
    });
  }

  test("holds inside JSON, names of members too, and nothing is cut", () => {
    const long = "x".repeat(20_000);
    const shown = inertJson({ "a\u202e": ["\u001b[2J", long], note: "line\nbreak" });
    expect(shown).toContain("a\\u{202e}");
    expect(shown).toContain("\\u001b[2J");
    expect(shown).toContain(long);
    expect(shown).toContain("line\\nbreak");
    for (const hidden of ["\u001b", "\u202e"]) expect(shown).not.toContain(hidden);
  });

  test("JSON for programs means the same, and shows a terminal nothing hidden", () => {
    const value = { "a\u202e": ["\u009b2J\u001b[2J", "x\u{e0041}\u200b", "é返"], n: 1 };
    const shown = visibleJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(shown)).toEqual(value);
    expect(shown).toContain("é返");
    for (const hidden of ["\u009b", "\u001b", "\u202e", "\u200b", "\u{e0041}"]) expect(shown).not.toContain(hidden);
  });
});
