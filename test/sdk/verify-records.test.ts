/** A pulled log: what was changed, left out or put in is named. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { describe, expect, test } from "vitest";
import { verifyRecords } from "../../sdk/index.ts";

type Line = { record: Record<string, unknown>; args: unknown };

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const seal = (record: Record<string, unknown>): string => `sha256:${sha256(canonicalize(record) ?? "")}`;

function log(session: string, count: number): Line[] {
  const lines: Line[] = [];
  let prev: string | null = null;
  for (let seq = 1; seq <= count; seq++) {
    const args = { note: `number ${seq}` };
    const record: Record<string, unknown> = {
      session,
      seq,
      prev,
      at: "2026-11-21T12:00:00Z",
      kind: "decision",
      args_mac: "hmac-sha256:0",
      args_sha256: sha256(canonicalize(args) ?? ""),
    };
    prev = seal(record);
    lines.push({ record: { ...record, hash: prev }, args: canonicalize(args) });
  }
  return lines;
}

function at(lines: readonly Line[], index: number): Line {
  const line = lines[index];
  if (line === undefined) throw new Error(`the log has no line ${index}`);
  return line;
}

const SECRET = `{"token":{"secret":{"hmac_sha256":"${"0".repeat(64)}","length":3}}}`;

const check = (lines: readonly Line[]) => verifyRecords(lines.map((line) => canonicalize(line) ?? ""));

test("a log as the edge wrote it fits", async () => {
  const lines = log("ses_1", 4);
  const report = await check(lines);
  expect(report).toMatchObject({ ok: true, records: 4, problem: null });
  expect(report.sessions).toEqual([
    { session: "ses_1", records: 4, first: 1, last: 4, head: lines[3]?.record["hash"], problem: null },
  ]);
  expect(report.unchecked).toEqual({ args: 0, absent_args: 0, without_beginning: 0, unexplained_args: [] });
});

test("sessions may be interleaved, each chain stands by itself", async () => {
  const [a, b] = [log("ses_1", 3), log("ses_2", 3)];
  const mixed = a.flatMap((line, i) => [line, at(b, i)]);
  expect(await check(mixed)).toMatchObject({ ok: true, records: 6 });
});

test("an empty log fits, and says that it is empty", async () => {
  expect(await verifyRecords(["", ""])).toMatchObject({ ok: true, records: 0, sessions: [] });
});

function change(lines: readonly Line[], index: number, fields: object): Line[] {
  return lines.map((line, i) => (i === index ? { ...line, record: { ...line.record, ...fields } } : line));
}

/** Changed, and its own hash made again. */
function resealed(lines: readonly Line[], index: number, fields: object): Line[] {
  return change(lines, index, fields).map((line, i) => {
    if (i !== index) return line;
    const { hash: _, ...rest } = line.record;
    return { ...line, record: { ...rest, hash: seal(rest) } };
  });
}

describe("the first record that doesn't fit is named", () => {
  const cases: readonly (readonly [string, (lines: Line[]) => Line[], number, RegExp])[] = [
    ["a field changed", (lines) => change(lines, 1, { kind: "other" }), 2, /was changed/],
    ["a field added", (lines) => change(lines, 1, { extra: 1 }), 2, /was changed/],
    ["a record replaced with its hash made again", (lines) => resealed(lines, 1, { kind: "x" }), 3, /replaced/],
    ["one left out", (lines) => lines.filter((_, i) => i !== 2), 4, /record 3 was left out/],
    ["two left out", (lines) => lines.filter((_, i) => i !== 1 && i !== 2), 4, /records 2 to 3 were left out/],
    ["one twice", (lines) => lines.toSpliced(2, 0, at(lines, 1)), 2, /twice or out of order/],
    ["two swapped", (lines) => lines.with(1, at(lines, 2)).with(2, at(lines, 1)), 3, /record 2 was left out/],
    ["other arguments beside it", (lines) => lines.with(1, { ...at(lines, 1), args: "{}" }), 2, /other arguments/],
    ["other arguments, said to be a secret", (lines) => lines.with(1, { ...at(lines, 1), args: SECRET }), 2, /other/],
    ["a beginning that isn't one", (lines) => resealed(lines, 0, { prev: "sha256:0" }), 1, /names one before it/],
  ];
  for (const [name, spoil, seq, what] of cases) {
    test(name, async () => {
      const report = await check(spoil(log("ses_1", 4)));
      expect(report.ok).toBe(false);
      expect(report.problem).toMatchObject({ session: "ses_1", seq });
      expect(report.problem?.what).toMatch(what);
    });
  }

  for (const [name, line, what] of [
    ["a line cut in two", '{"record":{"sess', /isn't JSON/],
    ["something else", '"hello"', /holds no `record`/],
    ["a record without a session", '{"record":{"seq":1}}', /lacks/],
    ["half a surrogate pair", '{"record":{"session":"s","seq":1,"hash":"h","x":"\\ud800"}}', /no edge writes/],
  ] as const) {
    test(name, async () => {
      const report = await verifyRecords([line]);
      expect(report.problem?.line).toBe(1);
      expect(report.problem?.what).toMatch(what);
    });
  }
});

test("a line that says more than its record is named, whatever a reader makes of it", async () => {
  const [whole = ""] = log("ses_1", 1).map((line) => canonicalize(line) ?? "");
  const doubled = whole.replace('"kind":"decision"', '"kind":"session.closed","kind":"decision"');
  const beside = whole.replace('{"args":', '{"approved_by":"kim","args":');
  expect(await verifyRecords([whole])).toMatchObject({ ok: true });
  for (const line of [doubled, beside, whole.replace(":", ": ")]) {
    expect(line).not.toBe(whole);
    const { problem } = await verifyRecords([line]);
    expect(problem).toMatchObject({
      session: "ses_1",
      seq: 1,
      what: expect.stringMatching(/isn't written as an edge/),
    });
  }
});

describe("what can't be told offline is said", () => {
  test("arguments that were erased", async () => {
    const lines = log("ses_1", 2);
    expect(await check(lines.with(1, { ...at(lines, 1), args: null }))).toMatchObject({
      ok: true,
      unchecked: { absent_args: 1 },
    });
  });

  test("a log that begins in the middle", async () => {
    expect(await check(log("ses_1", 4).slice(2))).toMatchObject({ ok: true, unchecked: { without_beginning: 1 } });
  });
});
