/** A pulled log with the ledger's part, and every way of spoiling it: what `audit verify` says, word for word. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { connect, ledgerShardOf, parseCheckpoint } from "../../sdk/index.ts";
import { startLedger } from "./ledger-under-test.ts";
import type { LedgerUnderTest } from "./ledger-under-test.ts";
import {
  isOf,
  isSeq,
  type Leaves,
  leavesOf,
  noteOf,
  recheckpointed,
  recordOf,
  releaved,
  rewritten,
  signed,
  without,
} from "./pulled-log.ts";
import { agentpolicy, FIRST_POLICY } from "./run-command.ts";
import type { Folder, Ran } from "./run-command.ts";

let ledger: LedgerUnderTest;
let folder: Folder;
let edge: LocalEdge;
let first: string;
let second: string;
let earlier: readonly string[];
let whole: readonly string[];

beforeAll(async () => {
  ledger = await startLedger();
  ({ folder, edge, first, second, earlier, whole } = ledger);
});
afterAll(() => ledger.stop());

const here = (...args: string[]): Promise<Ran> => ledger.here(...args);
const read = (name: string): readonly string[] => ledger.read(name);
const keys = () => ledger.keys();
const verify = (lines: readonly string[], ...more: readonly string[]): Promise<Ran> => ledger.verify(lines, ...more);

describe("a log as it was pulled", () => {
  test("is whole, and was signed by the key that was given", async () => {
    const { code, stdout, stderr } = await verify(whole, "--kept", "earlier.ndjson");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\d+ records, every one fits\n8 checkpoints of \d+ records, signed by a key that was given/);
    expect(stdout).not.toContain("not checked: w");
    expect(stdout).toContain("ok  board");
  });

  test("holds all that was written until then, and names what isn't anchored", async () => {
    const key = readFileSync(join(FIRST_POLICY, "keys/sales_bot.jwk"), "utf8");
    const session = await connect({ edge: edge.url, agent: "sales_bot", key }).open();
    await session.authorize("crm.deals.read", { deal: "d-1" });
    await here("audit", "pull", "-o", "fresh.ndjson");
    const fresh = read("fresh.ndjson");
    const own = fresh.filter((line) => isOf(session.id, line));
    expect(own).toHaveLength(2);
    expect((await verify(fresh)).stdout).not.toContain("not anchored");
    await session.close();
    const { code, stdout } = await verify([...earlier, ...own]);
    expect(code).toBe(0);
    expect(stdout).toContain("not anchored yet, as new records are within a minute:");
    expect(stdout).toMatch(new RegExp(`^    records 1 to \\d of ${session.id}\n +written, as they say, 20`, "m"));
  });

  test("fits whatever ends a line elsewhere stands in what an agent wrote", async () => {
    const key = readFileSync(join(FIRST_POLICY, "keys/sales_bot.jwk"), "utf8");
    const session = await connect({ edge: edge.url, agent: "sales_bot", key }).open();
    const intent = "a\u2028{}\u2029b\u0085c\rd\u000be\u000cf\ufeff";
    await session.authorize("crm.deals.read", { deal: "d-1" }, { intent });
    await session.close();
    await here("audit", "pull", "-o", "lines.ndjson");
    const said = await here("audit", "verify", "lines.ndjson", "--key", "jwks.json");
    expect([said.code, said.stdout]).toEqual([0, expect.stringContaining("every one fits")]);
    expect(read("lines.ndjson").some((line) => recordOf(line)?.["intent"] === intent)).toBe(true);
  });

  test("that another key signed, as before a rotation, says what to give, and stays in the terminal", async () => {
    writeFileSync(join(folder.path, "other.txt"), (await keys()).permit_key.x);
    const args = ["audit", "verify", "whole.ndjson", "--key", "other.txt"];
    const { code, stdout } = await agentpolicy(args, { cwd: folder.path, env: { COLUMNS: "80" } });
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("if the file is older than that key, give the one from before");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const both = await here("audit", "verify", "whole.ndjson", "--key", "other.txt", "--key", "jwks.json");
    expect(both).toMatchObject({ code: 0 });
  });

  test("may be one session's: its head is vouched for, and what that leaves open is said", async () => {
    await here("audit", "pull", "--session", first, "-o", "one.ndjson");
    const one = read("one.ndjson");
    const good = await verify(one);
    expect(good.code).toBe(0);
    expect(good.stdout).toContain("not checked: whether the file itself lacks an end");
    const held = await verify(one, "--kept", "earlier.ndjson");
    expect([held.code, held.stdout]).toEqual([
      1,
      expect.stringContaining("whether the ledger continues what you kept can't be said by this file"),
    ]);
    const cut = await verify(without(one, (line) => isSeq(first, line, 4)));
    expect(cut.stdout).toContain(`record 4 of ${first} was removed at the end: the ledger holds 4`);
    const forged = await verify(rewritten(one, first, 2, { intent: "other" }));
    expect([forged.code, forged.stdout]).toEqual([
      1,
      expect.stringContaining(`record 4 of ${first} isn't the one that was anchored`),
    ]);
  });

  test("is checked without a key too, and then says that nobody knows who signed", async () => {
    writeFileSync(join(folder.path, "log.ndjson"), whole.join("\n"));
    const { code, stdout } = await here("audit", "verify", "log.ndjson");
    expect(code).toBe(0);
    expect(stdout).toContain("not checked: who signed the checkpoints; give the edge's public key with `--key`");
  });

  test("takes the key in every way that it is written", async () => {
    const { checkpoint_key: jwk } = await keys();
    const origins = whole.map(noteOf).flatMap((each) => each?.note.split("\n")[0] ?? []);
    const vkeys = origins.map((name) => {
      const typed = Buffer.concat([Buffer.of(1), Buffer.from(jwk.x, "base64url")]);
      const id = createHash("sha256").update(`${name}\n`).update(typed).digest("hex").slice(0, 8);
      return `${name}+${id}+${typed.toString("base64")}`;
    });
    writeFileSync(join(folder.path, "vkeys"), vkeys.join("\n"));
    writeFileSync(join(folder.path, "log.ndjson"), whole.join("\n"));
    for (const key of [jwk.x, "vkeys", JSON.stringify({ kty: "OKP", crv: "Ed25519", x: jwk.x }), vkeys[0] ?? ""])
      expect((await here("audit", "verify", "log.ndjson", "--key", key)).stdout).toContain("signed by a key");
    const none = await here("audit", "verify", "log.ndjson", "--key", "nothing");
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("neither a key nor a file with one")]);
    const typo = (vkeys[0] ?? "").replace(/\+[0-9a-f]{8}\+/, "+00000000+");
    const mistyped = await here("audit", "verify", "log.ndjson", "--key", typo);
    expect([mistyped.code, mistyped.stderr]).toEqual([2, expect.stringContaining("neither a key nor a file with one")]);
    const wrong = await here("audit", "verify", "log.ndjson", "--key", "whole.ndjson");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("holds no key that signs checkpoints")]);
  });
});

describe("a log that was tampered with", () => {
  type Tampering = (lines: readonly string[]) => readonly string[] | Promise<readonly string[]>;
  const shardOf = (session: string) => ledgerShardOf(session);
  const cases: readonly (readonly [string, Tampering, () => string | Promise<string>])[] = [
    [
      "a field edited",
      (lines) =>
        lines.map((line) => (isSeq(second, line, 2) ? line.replace('"decision":"allow"', '"decision":"deny"') : line)),
      () => `record 2 of ${second}\n    it was changed: its hash isn't that of what it says`,
    ],
    [
      "a record removed in the middle",
      (lines) => without(lines, (line) => isSeq(second, line, 2)),
      () => `record 3 of ${second}\n    it follows 1: record 2 was left out`,
    ],
    [
      "a record removed at the end",
      (lines) => without(lines, (line) => isSeq(second, line, 4)),
      () => `    record 4 of ${second} was removed at the end: the ledger holds 4`,
    ],
    [
      "several removed at the end",
      (lines) => without(lines, (line) => isSeq(second, line, 3, 4)),
      () => `    record 3 of ${second} and all up to 4 were removed at the end: the ledger holds 4`,
    ],
    [
      "records removed at the beginning",
      (lines) => without(lines, (line) => isSeq(second, line, 1)),
      () => `    record 1 of ${second} was removed at the beginning`,
    ],
    [
      "a whole log removed",
      (lines) => without(lines, (line) => isOf(second, line)),
      () => `    record 1 of ${second} was removed with all of the log: the ledger holds 4`,
    ],
    [
      "a log rewritten from one record on, its hashes made again",
      (lines) => rewritten(lines, second, 2, { intent: "something else" }),
      () =>
        `    record 2 of ${second} isn't the one that was anchored: the log was rewritten from there on, or has two writers`,
    ],
    [
      "two records of one number",
      (lines) => lines.flatMap((line) => (isSeq(second, line, 3) ? [line, line] : [line])),
      () => `record 3 of ${second}\n    it follows 3: it stands twice or out of order`,
    ],
    [
      "the leaves made again with the log",
      (lines) => releaved(rewritten(lines, second, 2, { intent: "something else" }), second),
      async () =>
        `    shard ${await shardOf(second)} of the ledger: the leaves aren't those that the checkpoint was signed for: one was changed, moved or put in`,
    ],
    [
      "the end removed from log and leaves",
      (lines) =>
        releaved(
          without(lines, (line) => isSeq(second, line, 4)),
          second,
        ),
      () => ": the rest was removed",
    ],
    [
      "the checkpoint written again with them",
      async (lines) =>
        recheckpointed(
          releaved(
            without(lines, (line) => isSeq(second, line, 4)),
            second,
          ),
          await shardOf(second),
          null,
        ),
      async () =>
        `    shard ${await shardOf(second)} of the ledger: its checkpoint isn't signed by a key that was given`,
    ],
    [
      "and signed with another key of the edge",
      async (lines) =>
        recheckpointed(
          releaved(
            without(lines, (line) => isSeq(second, line, 4)),
            second,
          ),
          await shardOf(second),
          (await keys()).permit_key,
        ),
      async () =>
        `    shard ${await shardOf(second)} of the ledger: its checkpoint isn't signed by a key that was given`,
    ],
    [
      "a shard's checkpoint taken out",
      async (lines) => {
        const shard = await shardOf(second);
        return without(lines, (line) => noteOf(line)?.shard === shard);
      },
      async () => `    shard ${await shardOf(second)} of the ledger: its checkpoint is missing`,
    ],
    [
      "all of the ledger taken out",
      (lines) => lines.filter((line) => recordOf(line) !== null),
      () => "    nothing in this file is anchored: it holds no checkpoint",
    ],
    [
      "leaves moved to another shard",
      async (lines) => {
        const from = await shardOf(second);
        const moved = (leaves: Leaves) => JSON.stringify({ leaves: { ...leaves, shard: (from + 1) % 8 } });
        return lines.map((line) => {
          const leaves = leavesOf(line);
          return leaves?.session === second ? moved(leaves) : line;
        });
      },
      async () =>
        `    shard ${((await shardOf(second)) + 1) % 8} of the ledger: \`${second}\` stands here, and belongs elsewhere`,
    ],
    [
      "a log anchored twice",
      (lines) => lines.flatMap((line) => (leavesOf(line)?.session === second ? [line, line] : [line])),
      () => `    record 1 of ${second} the ledger lists it twice, or out of order: there are two writers`,
    ],
    [
      "a line of the ledger that says nothing",
      (lines) => [...lines, '{"leaves":{"shard":-1}}'],
      () => "it is a line of the ledger that can't be read",
    ],
    [
      "another record that the ledger refused",
      (lines) => [
        ...lines,
        JSON.stringify({ dispute: { session: second, seq: 2, what: "changed", at: "2026-11-21T12:00:00.000Z" } }),
      ],
      () =>
        `    record 2 of ${second} was offered to the ledger as one that says something else, and refused (2026-11-21T12:00:00.000Z): there are two writers`,
    ],
  ];

  test.each(cases)("is named: %s", async (_, tamper, expected) => {
    const spoilt = await tamper(whole);
    expect(spoilt).not.toEqual(whole);
    const { code, stdout } = await verify(spoilt);
    expect(code).toBe(1);
    expect(stdout).toContain(await expected());
    expect(stdout).toContain("not all fit");
  });
});

describe("a ledger that isn't what an auditor kept", () => {
  const shardNote = async (lines: readonly string[]) => {
    const shard = await ledgerShardOf(first);
    return lines.map(noteOf).find((each) => each?.shard === shard)?.note ?? "";
  };

  async function held(note: string): Promise<Ran> {
    writeFileSync(join(folder.path, "kept.txt"), note);
    return verify(whole, "--kept", "kept.txt");
  }

  test("goes on from what was kept, as a note of its own too", async () => {
    expect((await held(await shardNote(earlier))).code).toBe(0);
  });

  test("was rewritten: the trees differ", async () => {
    const note = await shardNote(earlier);
    const [origin, size] = note.split("\n");
    const other = signed(`${origin}\n${size}\n${Buffer.alloc(32).toString("base64")}\n`, (await keys()).checkpoint_key);
    expect(parseCheckpoint(other)).not.toBeNull();
    const { code, stdout } = await held(other);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `shard ${await ledgerShardOf(first)} of the ledger: its checkpoint isn't consistent with the one of size ${size} that was kept: the ledger was rewritten`,
    );
  });

  test("was set back: what was kept is larger", async () => {
    const [origin, size, root] = (await shardNote(whole)).split("\n");
    const { code, stdout } = await held(
      signed(`${origin}\n${Number(size) + 5}\n${root}\n`, (await keys()).checkpoint_key),
    );
    expect(code).toBe(1);
    expect(stdout).toContain(
      `its checkpoint of size ${size} is older than the one of ${Number(size) + 5} that was kept`,
    );
  });

  test("was rewritten: one of two that were kept of one size differs, whichever comes first", async () => {
    const note = await shardNote(earlier);
    const [origin, size] = note.split("\n");
    const other = signed(`${origin}\n${size}\n${Buffer.alloc(32).toString("base64")}\n`, (await keys()).checkpoint_key);
    writeFileSync(join(folder.path, "other.txt"), other);
    writeFileSync(join(folder.path, "kept.txt"), note);
    for (const files of [
      ["kept.txt", "other.txt"],
      ["other.txt", "kept.txt"],
    ]) {
      const { code, stdout } = await verify(whole, ...files.flatMap((file) => ["--kept", file]));
      expect([code, stdout]).toEqual([1, expect.stringContaining("the ledger was rewritten")]);
    }
  });

  test("goes by another name: what was kept is of none of its shards", async () => {
    const [, size, root] = (await shardNote(earlier)).split("\n");
    const other = signed(`edge.example/ledger/0\n${size}\n${root}\n`, (await keys()).checkpoint_key);
    const { code, stdout } = await held(other);
    expect(code).toBe(1);
    expect(stdout).toContain("no checkpoint here is of `edge.example/ledger/0`, of which one was kept");
  });

  test("a file without a checkpoint can't be held against", async () => {
    const { code, stderr } = await verify(whole, "--kept", "jwks.json");
    expect([code, stderr]).toEqual([2, expect.stringContaining("`jwks.json` holds no checkpoint")]);
  });
});
