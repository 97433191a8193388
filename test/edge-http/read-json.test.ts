import { describe, expect, test } from "vitest";
import { InexactNumber } from "../../engine/index.ts";
import { readJson } from "../../edge/http/read-json.ts";
import { beyondDoubles, canonicalJson } from "../../edge/digest.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) => readJson(bytes(text));

describe("a body means one thing only", () => {
  test.each([
    ['{"a":1,"a":2}', "a key given twice with two values"],
    ['{"a":1,"a":1}', "a key given twice with one value"],
    ['{"a":1,"\\u0061":1}', "a key given twice in two spellings"],
    [`{"a":1,"a"${" ".repeat(500)}:1}`, "a key given twice with much space before the colon"],
    ['{"x":[{"b":{"a":1,"a":1}}]}', "a key given twice far inside"],
    ['{"__proto__":{}}', "a key that would change the object's kind"],
    ['{"\\u005f_proto__":{}}', "the same key, escaped"],
    ['{"x":[{"__proto__":1}]}', "the same key far inside"],
    ['{"a":"\\ud800"}', "a lone surrogate in a string"],
    ['{"\\udc00":1}', "a lone surrogate in a key"],
    ["\ufeff{}", "a byte order mark"],
    ['{"a":1,}', "a trailing comma"],
    ["{'a':1}", "single quotes"],
    ['{"a":01}', "a leading zero"],
    ['{"a":NaN}', "NaN"],
    ['{"a":.5}', "a leading dot"],
    ["", "nothing"],
    ["{} {}", "two values"],
  ])("%s is refused: %s", (text) => {
    expect(read(text).ok).toBe(false);
  });

  test("bytes that aren't UTF-8 are refused", () => {
    expect(readJson(new Uint8Array([0x22, 0xff, 0x22])).ok).toBe(false);
  });

  test("an equal key in another object or as a value is no duplicate", () => {
    expect(read('{"a":{"a":["a","a",{"a":"a"}]},"b":{"a":1}}').ok).toBe(true);
  });

  test("32 levels are read and 33 are refused, brackets in strings not counted", () => {
    expect(read(`${"[".repeat(32)}${"]".repeat(32)}`).ok).toBe(true);
    expect(read(`${"[".repeat(33)}${"]".repeat(33)}`).ok).toBe(false);
    expect(read(`["${"[".repeat(100)}\\"${"[".repeat(100)}"]`).ok).toBe(true);
  });

  test("ten thousand levels are refused without running out of stack", () => {
    expect(read("[".repeat(10_000)).ok).toBe(false);
  });

  test("the pointer says where", () => {
    expect(read('{"a/b":[0,"\\ud800"]}')).toMatchObject({ ok: false, pointer: "/a~1b/1" });
  });
});

describe("numbers keep what they say", () => {
  test.each(["1e3", "1E-2", "-0", "-0.0", "1234567890123456", "0.1234567890123456", "9007199254740993"])(
    "%s is no exact number",
    (text) => {
      const result = read(`[${text}]`);
      expect(result).toEqual({ ok: true, value: [new InexactNumber(text)] });
    },
  );

  test.each(["0", "-1", "50.01", "123456789012345", "0.000000000000001", "3.0"])("%s is exact", (text) => {
    expect(read(`[${text}]`)).toEqual({ ok: true, value: [Number(text)] });
  });

  test("the digest is over what every JSON reader makes of the text", () => {
    expect(beyondDoubles({ a: [new InexactNumber("-1e999")] })).toBe(true);
    expect(beyondDoubles({ a: [new InexactNumber("1e308"), "1e999"] })).toBe(false);
    const result = read('{"n":12345678901234567890,"e":1e3,"z":-0}');
    expect(result.ok && canonicalJson(result.value)).toBe('{"e":1000,"n":12345678901234567000,"z":0}');
  });
});
