/** The edge's own keys replace each other while sessions go on, on the real Worker. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CompactSign, decodeProtectedHeader, importJWK } from "jose";
import type { JSONWebKeySet } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readKeys, writeKeys } from "../../cli/local/edge-keys.ts";
import { rotateLocal } from "../../cli/rotate/rotate-local.ts";
import type { KeyKind } from "../../edge/key-times.ts";
import { verify } from "../../sdk/permit.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;

beforeAll(async () => {
  edge = await startTestEdge();
});
afterAll(() => edge.edge.stop());

const DAY = 24 * 60 * 60;
const now = () => Math.floor(Date.now() / 1000);
const kidOf = (token: string) => decodeProtectedHeader(token).kid;
const published = async () => (await edge.call("/.well-known/jwks.json")).body as unknown as JSONWebKeySet;
const state = async (token: string) => (await edge.call("/v1/session", { token })).status;
const read = (token: string, request_id: string = crypto.randomUUID()) =>
  edge.decide(token, { action: "files.read", args: { file: "a" }, request_id });

/** The Worker's clock is the machine's: no later time can be stated to it. */
async function nextSecond(): Promise<void> {
  const begun = now();
  // A timer may end a millisecond early.
  while (now() === begun) await new Promise((next) => setTimeout(next, 1001 - (Date.now() % 1000)));
}

async function renew(token: string): Promise<number> {
  const headers = { "Session-Token": token };
  const reply = await edge.call("/v1/session/token", { method: "POST", token: await edge.assertion("bot"), headers });
  return reply.status;
}

async function rotate(kind: KeyKind, drop = false): Promise<void> {
  const plan = await rotateLocal(edge.edge.directory, kind, now(), drop);
  expect(plan.kind).toBe("rotate");
  await edge.edge.reload(edge.table);
}

/** Asks again and again until it is told to stop. A connection that breaks with the old process isn't an answer. */
function traffic(token: string): { readonly stop: () => Promise<readonly (number | string)[]> } {
  const seen: (number | string)[] = [];
  const stopped = new AbortController();
  const work = (async () => {
    while (!stopped.signal.aborted) {
      try {
        const reply = await edge.authorize(token, { action: "files.read", args: { file: "a" } });
        seen.push(reply.status === 200 ? String(reply.body["decision"]) : reply.status);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
      await new Promise((next) => setTimeout(next, 60));
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await work;
      return seen;
    },
  };
}

/** As if so much time had passed since the last rotation. */
async function letPass(seconds: number): Promise<void> {
  const keys = await readKeys(edge.edge.directory);
  const aged = <Key>(list: readonly { from: number; key: Key }[]) =>
    list.map(({ from, key }) => ({ from: from - seconds, key }));
  const later = { ...keys.later, session: aged(keys.later.session), permit: aged(keys.later.permit) };
  await writeKeys(edge.edge.directory, { ...keys, later });
}

describe("the session tokens' key", () => {
  test("is rotated while sessions go on: nothing is refused, and after the next time what is two keys old", async () => {
    const { token: first } = await edge.open();
    const asking = traffic(first);
    await rotate("session");
    expect([await state(first), await renew(first)]).toEqual([200, 200]);
    const { token: second } = await edge.open();
    expect(await asking.stop()).toEqual(expect.arrayContaining(["allow"]));
    expect(new Set(await asking.stop())).toEqual(new Set(["allow"]));

    await letPass(DAY);
    const stillAsking = traffic(second);
    await rotate("session");
    const { token: third } = await edge.open();
    expect(new Set([first, second, third].map(kidOf)).size).toBe(3);
    expect([await state(first), await state(second), await state(third)]).toEqual([401, 200, 200]);
    expect([await renew(first), await renew(second)]).toEqual([401, 200]);
    expect(new Set(await stillAsking.stop())).toEqual(new Set(["allow"]));
  });

  test("isn't rotated again while tokens of the one before it live", async () => {
    await letPass(DAY);
    await rotate("session");
    const before = readFileSync(join(edge.edge.directory, "keys.json"), "utf8");
    expect((await rotateLocal(edge.edge.directory, "session", now() + DAY - 60, false)).kind).toBe("wait");
    expect(readFileSync(join(edge.edge.directory, "keys.json"), "utf8")).toBe(before);
    expect((statSync(join(edge.edge.directory, "keys.json")).mode & 0o777).toString(8)).toBe("600");
  });

  test("that has leaked is dropped at once, with all that it signed", async () => {
    const { token } = await edge.open();
    await rotate("session", true);
    expect([await state(token), await renew(token)]).toEqual([401, 401]);
    const { token: fresh } = await edge.open();
    expect(await state(fresh)).toBe(200);
    expect((await readKeys(edge.edge.directory)).later.session).toHaveLength(2);
  });
});

describe("the checkpoints' key", () => {
  const keysOf = async () => (await published()).keys.filter(({ use }) => use === "checkpoint").map(({ x }) => x);

  test("is rotated without a limit, and every one before it stays published, but for those that have leaked", async () => {
    const [first] = await keysOf();
    await rotate("checkpoint");
    await nextSecond();
    await rotate("checkpoint");
    const all = await keysOf();
    expect(all).toHaveLength(3);
    expect(all.at(-1)).toBe(first);
    await rotate("checkpoint", true);
    const fresh = await keysOf();
    expect(fresh).toHaveLength(1);
    expect(all).not.toContain(fresh[0]);
  });

  test("is made where an older version of the edge had none", async () => {
    const { checkpoint_key: _, ...older } = await readKeys(edge.edge.directory);
    const { checkpoint: __, ...later } = older.later;
    writeFileSync(join(edge.edge.directory, "keys.json"), JSON.stringify({ ...older, later }));
    const keys = await readKeys(edge.edge.directory);
    expect(keys).toMatchObject({ ...older, checkpoint_key: { crv: "Ed25519" } });
    expect(await readKeys(edge.edge.directory)).toEqual(keys);
  });
});

describe("the permits' key", () => {
  const check = async (permit: string) =>
    verify(permit, {
      args: { file: "a" },
      seen: new Set(),
      jwks: await published(),
      issuer: edge.url,
      audience: "test/development",
      action: "files.read",
    });

  test("is rotated while permits live: each is verified by what is published, and a retry gets the same bytes", async () => {
    const { token } = await edge.open();
    const before = (await read(token, "r-before")).permit ?? "";
    // A permit is signed again with the key of the second it was issued in, so that a key of the same second won't do.
    await nextSecond();
    await rotate("permit");
    const after = (await read(token)).permit ?? "";
    expect(kidOf(before)).not.toBe(kidOf(after));
    for (const permit of [before, after]) expect(await check(permit)).toMatchObject({ sub: "bot" });
    expect((await read(token, "r-before")).permit).toBe(before);
    const permits = (await published()).keys.filter(({ use }) => use === "sig");
    expect(permits.map(({ kid }) => kid)).toEqual([kidOf(after), kidOf(before)]);
    expect(JSON.stringify(await published())).not.toContain('"d"');
  });

  test("isn't the checkpoints': a permit that is signed with one of those verifies nowhere", async () => {
    const { token } = await edge.open();
    const permit = (await read(token)).permit ?? "";
    expect(await check(permit)).toMatchObject({ sub: "bot" });
    const { checkpoint_key: jwk } = await readKeys(edge.edge.directory);
    const kid = (await published()).keys.find(({ x }) => x === jwk.x)?.kid ?? "";
    expect(kid).toMatch(/^[0-9a-f]{16}$/);
    const forged = await new CompactSign(Buffer.from(permit.split(".")[1] ?? "", "base64url"))
      .setProtectedHeader({ ...decodeProtectedHeader(permit), alg: "EdDSA", kid })
      .sign(await importJWK(jwk, "EdDSA"));
    await expect(check(forged)).rejects.toMatchObject({ problem: "bad_signature" });
  });
});
