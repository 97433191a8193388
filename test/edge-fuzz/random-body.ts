/** Bodies that nobody should send: the call's own with something wrong in them, and what is no body at all. */
import type { Random } from "../fuzz/random.ts";

/** What a call takes, by field. */
export type Sound = { readonly [field: string]: unknown };

const NO_BODIES: readonly string[] = [
  "",
  " ",
  "{",
  "}",
  "null",
  "true",
  "[]",
  "[{}]",
  '"text"',
  "1",
  "1e999",
  "{}",
  "NaN",
  "{'a':1}",
  '{"a":1,}',
  '{"a":01}',
  '{}{"a":1}',
  "{} x",
  "// comment\n{}",
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"":""}',
  "a=1&b=2",
  "\ufeff{}",
  "\u0000",
];

/** JSON texts in a field's place. */
const WRONG_VALUES: readonly string[] = [
  "null",
  "true",
  "0",
  "-1",
  "-0",
  "1e400",
  "1e-400",
  "9007199254740993",
  `1${"0".repeat(400)}`,
  '""',
  '" "',
  "[]",
  "{}",
  "[[]]",
  "[null]",
  '{"value":1}',
  '"\\ud800"',
  '"\\u0000"',
  '"\\u202e\\u200b"',
  '"__proto__"',
  '"../../x"',
  '{"__proto__":1}',
  '{"a":1,"a":1}',
  '{"toString":1,"constructor":null}',
  `"${"x".repeat(20_000)}"`,
  `"${"\\u0041".repeat(3_000)}"`,
  `${"[".repeat(31)}${"]".repeat(31)}`,
  `${'{"a":'.repeat(40)}1${"}".repeat(40)}`,
  `[${'"x",'.repeat(2_000)}"x"]`,
];

/** Members that are none of the call's, or that it has but rarely takes. */
const MORE: readonly string[] = [
  '"more":1',
  '"__proto__":1',
  '"\\ud83d":1',
  '"":1',
  '"ticket":"t-1"',
  '"agent":"bot_0"',
  '"tool_sha256":"0"',
  '"evaluations":[{},{"subject":1}]',
  '"page":{"limit":0,"token":"1.x"}',
  '"requester_token":"eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl"',
];

type Wrong = (random: Random, members: readonly string[]) => string;

const WRONGS: readonly Wrong[] = [
  // As it should be.
  (_, members) => object(members),
  (random, members) => object(members.filter(() => !random.once(3))),
  (random, members) => object(members.map((one) => (random.once(2) ? withValue(one, random.pick(WRONG_VALUES)) : one))),
  (random, members) => {
    const hit = random.below(members.length);
    return object(members.map((one, at) => (at === hit ? withValue(one, random.pick(WRONG_VALUES)) : one)));
  },
  (random, members) => object([...members, random.pick(MORE)]),
  (random, members) => object([...members, random.pick(members)]),
  // The same key in another spelling.
  (random, members) => object([...members, random.pick(members).replace(/^"(.)/, (_, char) => `"${escaped(char)}`)]),
  (random, members) => object([...members, `"pad":"${"x".repeat(random.pick([60_000, 65_536, 300_000]))}"`]),
  (random, members) => `${"[".repeat(random.pick([32, 33, 10_000, 60_000]))}${object(members)}`,
  (random, members) => object(members).slice(0, random.below(object(members).length)),
  (random) => random.pick(NO_BODIES),
];

export function randomBody(random: Random, sound: Sound): Uint8Array {
  const members = Object.entries(sound).map(([field, value]) => `${JSON.stringify(field)}:${JSON.stringify(value)}`);
  const text = random.pick(WRONGS)(random, members.length === 0 ? ['"none":1'] : members);
  return random.once(12) ? misencoded(random, text) : Buffer.from(text, "utf8");
}

function misencoded(random: Random, text: string): Uint8Array {
  const bytes = Buffer.from(text, random.once(2) ? "utf16le" : "utf8");
  if (bytes.length > 0) bytes[random.below(bytes.length)] = random.pick([0x80, 0xc0, 0xed, 0xff, 0x00, 0x0d]);
  return bytes;
}

function object(members: readonly string[]): string {
  return `{${members.join(",")}}`;
}

function withValue(member: string, value: string): string {
  return `${member.slice(0, member.indexOf('":') + 2)}${value}`;
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
