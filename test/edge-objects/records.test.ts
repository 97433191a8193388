import { expect, test } from "vitest";
import { canonicalText } from "../../edge/canonical-text.ts";
import type { Draft } from "../../edge/records/record.ts";
import { argumentsMac, EMPTY, hashOf, sealRecord } from "../../edge/records/seal-record.ts";
import { verifyRecords } from "../../sdk/index.ts";

const draft: Draft = {
  kind: "session.refreshed",
  at: "2026-01-05T12:00:00.000Z",
  session: "ses_00000000000000000000000000",
  chain: ["bot"],
  agent: "bot",
  policy: "sha256:00",
  sequence: 1,
  args_mac: null,
};

function log(count: number) {
  let head = EMPTY;
  return Array.from({ length: count }, () => {
    const { record } = sealRecord(draft, head);
    head = { seq: record.seq, hash: record.hash };
    return { record, args: null as string | null };
  });
}

test("what is hashed and what is stored are the canonical JSON of the record", () => {
  // Names on both sides of `hash`, that differ from it late, and in what UTF-16 orders otherwise than UTF-8.
  const odd = {
    ...draft,
    has: 1,
    hash0: [{ b: 1, a: 2 }],
    hasi: "\u20ac",
    "\ud83d\ude00": null,
    "\uffff": "",
    gone: undefined,
  };
  const { record, text } = sealRecord(odd, { seq: 4, hash: "sha256:00" });
  const { hash, ...unsealed } = record;
  expect(text).toBe(canonicalText(record));
  expect(hash).toBe(hashOf(unsealed));
});

const check = (lines: readonly unknown[]) => verifyRecords(lines.map((line) => canonicalText(line)));

test("a chain that was sealed here is whole to those who check it offline", async () => {
  expect(await check(log(4))).toMatchObject({ ok: true, records: 4 });
});

test("a record that is missing, changed or exchanged is named", async () => {
  const lines = log(4);
  expect((await check(lines.filter((_, index) => index !== 1))).problem).toMatchObject({ seq: 3 });
  const edited = lines.map((line, index) =>
    index === 2 ? { ...line, record: { ...line.record, agent: "cat" } } : line,
  );
  expect((await check(edited)).problem).toMatchObject({ seq: 3 });
  const { record: other } = sealRecord({ ...draft, agent: "cat" }, { seq: 1, hash: lines[0]?.record.hash ?? null });
  expect(
    (await check(lines.map((line, index) => (index === 1 ? { ...line, record: other } : line)))).problem,
  ).toMatchObject({ seq: 3 });
});

test("arguments are bound by a key, and without one nothing is bound", () => {
  expect(argumentsMac("key", "{}")).not.toBe(argumentsMac("key", '{"a":1}'));
  expect(argumentsMac("key", "{}")).not.toBe(argumentsMac("other", "{}"));
  expect(() => argumentsMac("", "{}")).toThrow("missing");
});
