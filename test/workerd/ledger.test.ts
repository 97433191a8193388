import { evictAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { ledgerOf, ledgerShard, shardOf } from "../../edge/objects/env.ts";
import type { LedgerObject } from "../../edge/objects/ledger-object.ts";
import { headOf } from "../../edge/objects/ledger/take.ts";
import type { SealedRecord } from "../../edge/records/record.ts";
import { canonicalText } from "../../edge/canonical-text.ts";
import { hashOf } from "../../edge/records/seal-record.ts";
import { MOST_TAKEN } from "../../edge/rpc.ts";
import { fromBase64, isSignedBy, parseCheckpoint } from "../../sdk/checkpoint.ts";
import { isConsistent, leafHash, rootOfInclusion, sameBytes } from "../../sdk/merkle-proof.ts";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { cut, holdNext, mend } from "./gates.ts";
import { recordsOf } from "./records-of.ts";
import { asking, bindings, openSession, type OpenSession, operator, unique } from "./requests.ts";

let bot = "";

interface Tile {
  readonly [column: string]: SqlStorageValue;
  readonly level: number;
  readonly place: number;
  readonly hashes: ArrayBuffer;
}

eachAlone(() => {
  bot = unique("bot");
});

const stubOf = (id: string) => bindings.SESSION.get(bindings.SESSION.idFromName(id));
const shardStub = (id: string) => bindings.LEDGER.get(bindings.LEDGER.idFromName(`ledger-${shardOf(id)}`));
const ledger = (session: OpenSession) => ledgerOf(bindings, session.id);
const heldOf = ({ id }: OpenSession) => runInDurableObject(shardStub(id), (_, { storage }) => headOf(storage.sql, id));
const takenOf = async (session: OpenSession) => (await heldOf(session)).seq;
const close = (session: OpenSession) => session.rpc.close({ sequence: 1, agent: session.agent });
const linesOf = async (session: OpenSession) => (await recordsOf(session)).map(({ record }) => canonicalText(record));
const checkpointOf = (session: OpenSession) => ledger(session).checkpoint({ shard: shardOf(session.id) });
/** The public half of the key for tests. */
const KEY = fromBase64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=") as Uint8Array;

/** Half a minute later. */
async function ring(session: OpenSession): Promise<void> {
  vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ["Date"] });
  await runDurableObjectAlarm(stubOf(session.id));
}

async function anchored(session: OpenSession): Promise<number> {
  const records = await recordsOf(session);
  await eventually(async () => expect(await takenOf(session)).toBe(records.length));
  return records.length;
}

describe("a session hands its records over", () => {
  test("at once when it is closed, every one in its order", async () => {
    const session = await openSession(bot);
    await session.answer();
    expect(await takenOf(session)).toBe(0);
    await close(session);
    expect(await anchored(session)).toBe(3);
    const last = (await recordsOf(session)).at(-1)?.record;
    expect(await heldOf(session)).toEqual({ seq: 3, hash: last?.hash });
  });

  test("within half a minute while it goes on, also after a restart", async () => {
    const session = await openSession(bot);
    await session.answer();
    const alarm = await runInDurableObject(stubOf(session.id), (_, { storage }) => storage.getAlarm());
    expect(alarm).toBeLessThanOrEqual(Date.now() + 30_000);
    await evictAllDurableObjects();
    await session.answer();
    await evictAllDurableObjects();
    await session.answer();
    await runDurableObjectAlarm(stubOf(session.id));
    expect(await takenOf(session)).toBe(4);
    await session.answer();
    await ring(session);
    expect(await takenOf(session)).toBe((await recordsOf(session)).length);
  });

  test("once, although a crash came between the taking and its confirmation", async () => {
    const session = await openSession(bot);
    await session.answer();
    cut("ledger.after");
    await ring(session);
    expect(await takenOf(session)).toBe(2);
    await evictAllDurableObjects();
    mend("ledger.after");
    await session.answer();
    await close(session);
    const count = await anchored(session);
    const { runs } = await ledger(session).leaves({ from: 0, to: Number.MAX_SAFE_INTEGER });
    const own = runs.filter(({ log }) => log === session.id);
    expect(own.reduce((sum, { hashes }) => sum + (fromBase64(hashes)?.length ?? 0) / 32, 0)).toBe(count);
    expect((await ledger(session).disputes()).disputes).toEqual([]);
  });

  test("also what is recorded after its end, such as an erasure", async () => {
    const session = await openSession(bot);
    await session.answer();
    await close(session);
    await anchored(session);
    await session.rpc.eraseArguments({ sequence: 1, seq: 2, by: operator, reason: "request 7" });
    expect(await anchored(session)).toBe(4);
  });

  test("in more calls than one where there are many", async () => {
    const session = await openSession(bot);
    const lines = await linesOf(session);
    await runInDurableObject(stubOf(session.id), (_, { storage }) => {
      let before = JSON.parse(lines.at(-1) ?? "") as SealedRecord;
      for (let count = 0; count < MOST_TAKEN + 50; count += 1) {
        const { hash: prev, ...rest } = before;
        const next = { ...rest, seq: before.seq + 1, prev };
        before = { ...next, hash: hashOf(next) };
        const values = [before.seq, before.hash, canonicalText(before)];
        storage.sql.exec("INSERT INTO records (seq, hash, text) VALUES (?, ?, ?)", ...values);
      }
    });
    // What was written behind its back the object sees when it comes back.
    await evictAllDurableObjects();
    await close(session);
    expect(await anchored(session)).toBe(MOST_TAKEN + 52);
  });

  test("later where the ledger can't be reached, and decides meanwhile as ever", async () => {
    cut("ledger.before");
    const session = await openSession(bot);
    expect((await session.answer()).decision).toBe("allow");
    expect((await session.answer({ remainder: asking() })).decision).toBe("ask");
    await ring(session);
    expect((await session.answer()).decision).toBe("allow");
    await close(session);
    expect(await takenOf(session)).toBe(0);
    mend("ledger.before");
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    await runDurableObjectAlarm(stubOf(session.id));
    expect(await takenOf(session)).toBe((await recordsOf(session)).length);
  });

  test("without a decision waiting for it", async () => {
    const session = await openSession(bot);
    const holding = holdNext("ledger.before");
    const ringing = ring(session);
    await holding.arrived();
    expect((await session.answer()).decision).toBe("allow");
    expect(await takenOf(session)).toBe(0);
    holding.open();
    await ringing;
  });
});

describe("the ledger refuses and notes", () => {
  const offer = (session: OpenSession, ...lines: readonly string[]) => ledger(session).take({ log: session.id, lines });
  const sealed = (record: Partial<SealedRecord>): string => {
    const { hash: _, ...rest } = record;
    return canonicalText({ ...rest, hash: hashOf(rest) });
  };
  const edited = (line: string, change: object) => sealed({ ...(JSON.parse(line) as SealedRecord), ...change });

  async function held(): Promise<{ session: OpenSession; lines: readonly string[] }> {
    const session = await openSession(bot);
    await session.answer();
    await session.answer();
    const lines = await linesOf(session);
    expect(await offer(session, ...lines.slice(0, 2))).toEqual({ taken: 2, disputed: null });
    return { session, lines };
  }

  test("a record that says something else than the one that was taken", async () => {
    const { session, lines } = await held();
    const other = edited(lines[1] ?? "", { agent: "cat" });
    expect(await offer(session, other)).toEqual({ taken: 2, disputed: { seq: 2, what: "changed" } });
    const { disputes } = await ledger(session).disputes();
    const hash = (JSON.parse(other) as SealedRecord).hash;
    expect(disputes).toContainEqual({ log: session.id, seq: 2, what: "changed", hash, at: expect.any(Number) });
    // What contradicts it again and again is noted once.
    await offer(session, other);
    expect((await ledger(session).disputes()).disputes).toHaveLength(disputes.length);
  });

  test("a record of a second writer, and what is behind it", async () => {
    const { session, lines } = await held();
    const forked = edited(lines[2] ?? "", { prev: (JSON.parse(lines[0] ?? "") as SealedRecord).hash });
    const behind = edited(lines[2] ?? "", { seq: 4, prev: (JSON.parse(forked) as SealedRecord).hash });
    expect(await offer(session, forked, behind)).toEqual({ taken: 2, disputed: { seq: 3, what: "forked" } });
    expect(await offer(session, lines[2] ?? "")).toEqual({ taken: 3, disputed: null });
  });

  test("a record that isn't what its hash says, or none at all", async () => {
    const { session, lines } = await held();
    const changed = canonicalText({ ...(JSON.parse(lines[2] ?? "") as SealedRecord), decision: "deny" });
    expect(await offer(session, changed)).toEqual({ taken: 2, disputed: { seq: 3, what: "broken" } });
    for (const line of ["", "{", "[]", "null", "{}"])
      expect(await offer(session, line)).toEqual({ taken: 2, disputed: { seq: 3, what: "broken" } });
  });

  test("nothing where records are missing between: it asks for them", async () => {
    const { session, lines } = await held();
    const fourth = edited(lines[2] ?? "", { seq: 4 });
    expect(await offer(session, fourth)).toEqual({ taken: 2, disputed: null });
    expect(await offer(session, ...lines)).toEqual({ taken: 3, disputed: null });
  });

  test("a session whose log was rewritten goes on deciding, and its records stay out", async () => {
    const session = await openSession(bot);
    await session.answer();
    await ring(session);
    expect(await takenOf(session)).toBe(2);
    const log = await linesOf(session);
    await runInDurableObject(stubOf(session.id), (_, { storage }) => {
      const other = JSON.parse(edited(log[1] ?? "", { intent: "something else" })) as SealedRecord;
      storage.sql.exec("UPDATE records SET hash = ?, text = ? WHERE seq = 2", other.hash, canonicalText(other));
    });
    await evictAllDurableObjects();
    expect((await session.answer()).decision).toBe("allow");
    await close(session);
    await eventually(async () =>
      expect((await ledger(session).disputes()).disputes).toContainEqual(
        expect.objectContaining({ log: session.id, seq: 3, what: "forked" }),
      ),
    );
    expect(await takenOf(session)).toBe(2);
  });
});

describe("the ledger's index", () => {
  test("finds an agent's records of a day in the order in which they were taken", async () => {
    const first = await openSession(bot);
    await first.answer();
    const begun = Date.now();
    await ring(first);
    await first.answer();
    await close(first);
    await anchored(first);
    // One but around midnight.
    const days = [...new Set([begun, Date.now()].map((at) => new Date(at).toISOString().slice(0, 10)))];
    const find = async (agent: string | null, from = 0, when: readonly string[] = days) => {
      const pages = when.map((day) => ledger(first).find({ agent, day, from, limit: 500 }));
      return (await Promise.all(pages)).flatMap(({ found }) => found);
    };
    const found = await find(bot);
    expect(found.map(({ log, first: from, last }) => [log, from, last])).toEqual([
      [first.id, 1, 2],
      [first.id, 3, 4],
    ]);
    expect(await find(bot, (found[0]?.leaf ?? 0) + 1)).toHaveLength(1);
    expect(await find(null)).toEqual(expect.arrayContaining([...found]));
    expect(await find("nobody")).toEqual([]);
    expect(await find(bot, 0, ["2020-01-01"])).toEqual([]);
    expect((await ledger(first).find({ agent: bot, day: "2020-01-01", from: 0, limit: 1 })).size).toBeGreaterThan(3);
  });

  test("counts decisions by outcome and reason", async () => {
    const session = await openSession(bot);
    const count = async () =>
      (await ledger(session).counters()).decisions.find(
        ({ decision, reason }) => decision === "allow" && reason === "rule",
      )?.count ?? 0;
    const before = await count();
    await session.answer();
    await session.answer();
    await close(session);
    await anchored(session);
    expect(await count()).toBe(before + 2);
  });
});

/** Caught in the object: what a call to it rejects with the runtime reports as unhandled besides. */
const refused = (stub: DurableObjectStub, of: { readonly shard: number }) =>
  runInDurableObject(stub, async (shard) => {
    try {
      await (shard as LedgerObject).checkpoint(of);
      return "signed";
    } catch (cause) {
      return String(cause);
    }
  });

describe("checkpoints", () => {
  const treeOf = (note: string) => {
    const read = parseCheckpoint(note);
    if (read === null) throw new Error(`no checkpoint: ${note}`);
    return read;
  };
  const bytes = (hashes: readonly string[] | null | undefined) =>
    (hashes ?? []).map((hash) => fromBase64(hash) as Uint8Array);

  test("are signed by the alarm, and anybody can check a single record by one", async () => {
    const session = await openSession(bot);
    await session.answer();
    await close(session);
    await anchored(session);
    expect((await ledger(session).counters()).unsigned).toBeGreaterThan(0);
    vi.useFakeTimers({ now: Date.now() + 20_000, toFake: ["Date"] });
    await runDurableObjectAlarm(shardStub(session.id));
    expect((await ledger(session).counters()).unsigned).toBe(0);
    const { note, size } = await checkpointOf(session);
    const tree = treeOf(note);
    expect(tree).toMatchObject({ origin: `edge.test/ledger/${shardOf(session.id)}`, size });
    expect(await isSignedBy(tree, [KEY])).toBe(true);
    expect(await isSignedBy({ ...tree, text: tree.text.replace("edge", "Edge") }, [KEY])).toBe(false);
    for (const { record } of await recordsOf(session)) {
      const { proof } = await ledger(session).inclusion({ log: session.id, seq: record.seq, size });
      const leaf = await leafHash(
        Uint8Array.from(record.hash.slice(7).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
      );
      const root = await rootOfInclusion(leaf, proof?.leaf ?? -1, size, bytes(proof?.hashes));
      expect(root !== null && sameBytes(root, tree.root)).toBe(true);
    }
    expect(await ledger(session).inclusion({ log: session.id, seq: 4, size })).toEqual({ proof: null });
  });

  test("follow one another: each later tree is shown to have grown from the earlier", async () => {
    const session = await openSession(bot);
    await ring(session);
    const before = treeOf((await checkpointOf(session)).note);
    expect((await checkpointOf(session)).note).toBe((await checkpointOf(session)).note);
    await session.answer();
    await close(session);
    await anchored(session);
    const after = treeOf((await checkpointOf(session)).note);
    expect(after.size).toBe(before.size + 2);
    const { hashes } = await ledger(session).consistency({ from: before.size, to: after.size });
    expect(await isConsistent(before, after, bytes(hashes))).toBe(true);
    expect(await ledger(session).consistency({ from: after.size, to: before.size })).toEqual({ hashes: null });
    expect(await ledger(session).consistency({ from: 0, to: after.size + 1 })).toEqual({ hashes: null });
  });

  test("are signed no more where the tree isn't what was signed before", async () => {
    const session = await openSession(bot);
    await session.answer();
    await ring(session);
    const signed = await checkpointOf(session);
    // In every tile: below a full one no root is made of its leaves again, and another session may have filled it.
    await runInDurableObject(shardStub(session.id), (_, { storage }) => {
      const tiles = storage.sql.exec<Tile>("SELECT level, place, hashes FROM tiles").toArray();
      for (const { level, place, hashes } of tiles) {
        const changed = new Uint8Array(hashes);
        changed[0] = (changed[0] ?? 0) ^ 1;
        storage.sql.exec("UPDATE tiles SET hashes = ? WHERE level = ? AND place = ?", changed.buffer, level, place);
      }
    });
    await close(session);
    await anchored(session);
    const refusal = await refused(shardStub(session.id), { shard: shardOf(session.id) });
    expect(refusal).toContain("isn't what it signed before");
    vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ["Date"] });
    await runDurableObjectAlarm(shardStub(session.id));
    expect((await ledger(session).counters()).unsigned).toBeGreaterThan(0);
    expect(signed.size).toBeGreaterThan(0);
  });

  test("of an empty shard too, so that a missing one shows", async () => {
    const free = ledgerShard({ ...bindings }, 99);
    const { note } = await free.checkpoint({ shard: 99 });
    expect(note).toMatch(/^edge\.test\/ledger\/99\n0\n47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— /);
    expect(await isSignedBy(treeOf(note), [KEY])).toBe(true);
  });
});
