/** Files that hold less than an auditor wants: what `audit verify` doesn't let pass, and what is gone by right. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ledgerShardOf } from "../../sdk/index.ts";
import { startLedger } from "./ledger-under-test.ts";
import type { LedgerUnderTest } from "./ledger-under-test.ts";
import { isOf, isSeq, noteOf, recordOf, rewritten, signed, without } from "./pulled-log.ts";

let ledger: LedgerUnderTest;
let first: string;
let second: string;
let whole: readonly string[];

beforeAll(async () => {
  ledger = await startLedger();
  ({ first, second, whole } = ledger);
});
afterAll(() => ledger.stop());

describe("a file of some sessions, made so that less is looked at,", () => {
  const partial = async (): Promise<readonly string[]> => {
    await ledger.here("audit", "pull", "--session", first, "-o", "part.ndjson");
    return ledger.read("part.ndjson");
  };
  /** A log that nobody wrote, in itself without a fault. */
  const invented = (lines: readonly string[], change: object): readonly string[] => {
    const own = lines.filter((line) => isOf(first, line)).map((line) => line.replaceAll(first, "ses_invented"));
    return rewritten(own, "ses_invented", 1, change);
  };

  test("is refused where nothing in it is proved", async () => {
    const bare = without(await partial(), (line) => line.startsWith('{"anchor"'));
    const { code, stdout } = await ledger.verify(bare);
    expect([code, stdout]).toEqual([1, expect.stringContaining("nothing in this file is anchored: it holds no proof")]);
  });

  test("is refused where a log says that it is older than what is anchored, and isn't", async () => {
    const old = invented(whole, { at: "2020-01-01T00:00:00.000Z" });
    const { code, stdout } = await ledger.verify([...whole, ...old]);
    expect(code).toBe(1);
    expect(stdout).toContain("    record 1 of ses_invented and all up to 4 are anchored nowhere, and the ledger has");
    expect(stdout).toContain("written, as they say, 2020-01-01T00:00:00.000Z to ");
  });

  test("is refused where records have numbers that no edge gives", async () => {
    const line = invented(whole, { seq: -3 })[0] ?? "";
    const { code, stdout } = await ledger.verify([...whole, line]);
    expect([code, stdout]).toEqual([1, expect.stringContaining("it has a number that no edge gives")]);
  });

  test("is refused where its beginning is gone, and where a proof is of another shard", async () => {
    const lines = await partial();
    const cut = await ledger.verify(without(lines, (line) => isSeq(first, line, 1, 2)));
    expect([cut.code, cut.stdout]).toEqual([
      1,
      expect.stringContaining(`record 1 of ${first} and all up to 2 were removed at the beginning`),
    ]);
    const other = ((await ledgerShardOf(first)) + 1) % 8;
    const moved = lines.map((line) =>
      line.startsWith('{"anchor"') ? line.replace(/"shard":\d/, `"shard":${other}`) : line,
    );
    const { code, stdout } = await ledger.verify(moved);
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining(`record 4 of ${first} is vouched for by shard ${other}, and belongs elsewhere`),
    ]);
  });

  test("is held against what was kept as far as it goes: a ledger that was set back, or differs", async () => {
    const lines = await partial();
    const shard = await ledgerShardOf(first);
    const [origin, size, root] = (lines.map(noteOf).find((each) => each?.shard === shard)?.note ?? "").split("\n");
    const { checkpoint_key } = await ledger.keys();
    const zero = Buffer.alloc(32).toString("base64");
    const kept = async (text: string) => {
      writeFileSync(join(ledger.folder.path, "kept.txt"), signed(text, checkpoint_key));
      return ledger.verify(lines, "--kept", "kept.txt");
    };
    expect((await kept(`${origin}\n${size}\n${root}\n`)).code).toBe(0);
    expect((await kept(`${origin}\n${Number(size) + 1}\n${root}\n`)).stdout).toContain("is older than the one of");
    expect((await kept(`${origin}\n${size}\n${zero}\n`)).stdout).toContain("the ledger was rewritten");
  });
});

describe("arguments that are gone", () => {
  test("without a record of their erasure are named", async () => {
    const taken = whole.map((line) =>
      isSeq(second, line, 2) ? JSON.stringify({ ...(JSON.parse(line) as object), args: null }) : line,
    );
    const { stdout } = await ledger.verify(taken);
    expect(stdout).toContain(
      `no record says that these arguments were erased, as one does wherever the edge erases:\n    record 2 of ${second}`,
    );
  });
});

describe("erasing a record's arguments", () => {
  test("takes a reason, is itself a record, and leaves the chain whole", async () => {
    const id = await ledger.ran();
    expect(await ledger.here("audit", "erase", id, "2")).toMatchObject({ code: 2 });
    const erased = await ledger.here("audit", "erase", id, "2", "--reason", "erasure request 7");
    expect([erased.code, erased.stdout]).toEqual([0, expect.stringContaining("erased the arguments of record 2")]);
    const again = await ledger.here("audit", "erase", id, "2", "--reason", "erasure request 7");
    expect([again.code, again.stderr.replaceAll(/\s+/g, " ")]).toEqual([
      1,
      expect.stringContaining("has no arguments beside it"),
    ]);
    await ledger.here("audit", "pull", "--session", id, "-o", "erased.ndjson");
    const lines = ledger.read("erased.ndjson").filter((line) => recordOf(line) !== null);
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ args: null, record: { seq: 2 } });
    expect(recordOf(lines.at(-1) ?? "")).toMatchObject({
      kind: "arguments.erased",
      of: 2,
      reason: "erasure request 7",
    });
    const verified = await ledger.here("audit", "verify", "erased.ndjson");
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain("arguments of 1 record, which were erased");
    expect(verified.stdout).not.toContain("no record says");
  });
});
