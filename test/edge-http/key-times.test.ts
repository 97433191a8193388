/** Keys of the edge by the time in their secrets' names: known before they sign, kept after the next one does. */
import { decodeProtectedHeader } from "jose";
import type { JSONWebKeySet } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newEd25519Key } from "../../cli/ed25519-key.ts";
import { newSymmetricKey } from "../../cli/new-key.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;

beforeAll(async () => {
  edge = await startTestEdge();
});
afterAll(() => edge.edge.stop());

const DAY = 24 * 60 * 60;
const now = () => Math.floor(Date.now() / 1000);

/** Beside the first key, those of these ages in seconds; not yet signing where that is negative. */
async function withKeys(secret: string, keys: readonly (readonly [age: number, key: string])[]): Promise<void> {
  const named = keys.map(([age, key]) => [`${secret}_${now() - age}`, key] as const);
  await edge.edge.reload(edge.table, Object.fromEntries(named));
}

test("a session tokens' key verifies before it signs, and for a day after the next one does", async () => {
  const state = async (token: string) => (await edge.call("/v1/session", { token })).status;
  const kid = async () => decodeProtectedHeader((await edge.open("helper")).token).kid;
  const [key, other, third] = [newSymmetricKey(), newSymmetricKey(), newSymmetricKey()];
  const { token: first } = await edge.open();
  await withKeys("SESSION_TOKEN_KEY", [[1, key]]);
  // As from a place whose clock is ahead.
  const { token: early } = await edge.open();
  await withKeys("SESSION_TOKEN_KEY", [[-300, key]]);
  expect([await state(first), await state(early)]).toEqual([200, 200]);
  expect(await kid()).toBe(decodeProtectedHeader(first).kid);
  await withKeys("SESSION_TOKEN_KEY", [[DAY - 60, key]]);
  expect([await state(first), await state(early)]).toEqual([200, 200]);
  await withKeys("SESSION_TOKEN_KEY", [[DAY + 60, key]]);
  expect([await state(first), await state(early)]).toEqual([401, 200]);
  await withKeys("SESSION_TOKEN_KEY", [
    [60, other],
    [DAY + 60, key],
  ]);
  expect([await state(first), await state(early)]).toEqual([401, 200]);
  await withKeys("SESSION_TOKEN_KEY", [
    [30, third],
    [60, other],
    [DAY + 60, key],
  ]);
  expect([await state(first), await state(early)]).toEqual([401, 401]);
});

test("a permits' key is published before it signs, and for an hour and two minutes after the next one does", async () => {
  const count = async (...ages: readonly number[]): Promise<number> => {
    const keys = await Promise.all(ages.map(async (age) => [age, JSON.stringify(await newEd25519Key())] as const));
    await withKeys("PERMIT_KEY", keys);
    const { keys: published } = (await edge.call("/.well-known/jwks.json")).body as unknown as JSONWebKeySet;
    return published.filter(({ use }) => use === "sig").length;
  };
  expect(await count()).toBe(1);
  expect(await count(-3600)).toBe(2);
  expect(await count(60)).toBe(2);
  // With a minute for what the test itself takes.
  expect(await count(3600 + 60)).toBe(2);
  expect(await count(3600 + 125)).toBe(1);
  expect(await count(60, 7200)).toBe(2);
  expect(await count(-60, 60, 7200)).toBe(3);
});

test("a name that only looks like a later key's is none", async () => {
  const { token } = await edge.open();
  const names = ["PREVIOUS", "0", "01", "1e9", "-1", "1795252800x"].map((end) => [`SESSION_TOKEN_KEY_${end}`, "short"]);
  await edge.edge.reload(edge.table, Object.fromEntries(names) as Record<string, string>);
  expect((await edge.call("/v1/session", { token })).status).toBe(200);
});
