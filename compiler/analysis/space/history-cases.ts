/** What was done in the session before: which tests of it hold together, how many calls and what age they need. */
import { type Case, didKey, type Facet } from "./facet.ts";
import { orderedPoints } from "./number-values.ts";
import type { Did, Use } from "./use.ts";

const MOST_TESTS = 6;
const MOST_AGE = 86_400_000n;
const ONE = 1_000_000n;

export function historyFacet(uses: readonly Use[]): Facet {
  const tests = [
    ...new Map(uses.flatMap(({ what }) => (what.kind === "did" ? [[didKey(what.did), what.did] as const] : []))),
  ];
  const dids = tests.slice(0, MOST_TESTS).map(([, did]) => did);
  const olds = ages(uses);
  const calls = callCounts(uses, new Set(dids.map(({ action }) => action)).size);
  const cases = consistent(dids).flatMap((did) =>
    calls.flatMap((count) =>
      olds.flatMap((age) => (isPossible(did, count, age, dids) ? [{ did, calls: count, age }] : [])),
    ),
  );
  const opaque = uses.some(({ what }) => what.kind === "opaque" || what.kind === "linked");
  return {
    key: "history",
    cases: cases.map(
      ({ did, calls: count, age }): Case => ({
        history: {
          calls: count,
          age,
          did: did.map(didKey),
          didnt: dids.filter((one) => !did.includes(one)).map(didKey),
        },
      }),
    ),
    inexact: tests.length > MOST_TESTS || opaque ? "what was done before" : null,
  };
}

/** Counts at and after each that something compares with, so many after it as different actions can have been done. */
function callCounts(uses: readonly Use[], actions: number): readonly number[] {
  const found = pointsOf(uses, "calls").map((point) => Number(point / ONE));
  if (found.length === 0) return [0, 5 + actions];
  const near = [0, ...found].flatMap((count) => [
    count - 1,
    ...Array.from({ length: actions + 2 }, (_, more) => count + more),
  ]);
  return [...new Set(near)].filter((count) => count >= 0);
}

function pointsOf(uses: readonly Use[], name: string): readonly bigint[] {
  return uses.flatMap(({ site, what }) => (site.path[0] === name && what.kind === "points" ? what.points : []));
}

function ages(uses: readonly Use[]): readonly number[] {
  const found = pointsOf(uses, "age");
  if (found.length === 0) return [0, 7_200_000];
  const all = orderedPoints(found, { min: 0n, max: MOST_AGE, step: 1000n, handy: 60_000n }, 1);
  return [...new Set([0n, ...all])].map(Number);
}

/** Sets of tests that can hold together: what is done with the same arguments a minute ago was done at all. */
function consistent(dids: readonly Did[]): readonly (readonly Did[])[] {
  const all = Array.from({ length: 2 ** dids.length }, (_, bits) =>
    dids.filter((_did, at) => ((bits >> at) & 1) === 1),
  );
  return all.filter((set) => set.every((did) => dids.every((other) => !follows(did, other) || set.includes(other))));
}

/** Does the first test's truth make the second true? */
function follows(did: Did, other: Did): boolean {
  if (did.action !== other.action || !other.same.every((name) => did.same.includes(name))) return false;
  return other.within === null || (did.within !== null && did.within <= other.within);
}

function isPossible(held: readonly Did[], calls: number, age: number, all: readonly Did[]): boolean {
  if (new Set(held.map(({ action }) => action)).size > calls) return false;
  // In a session younger than the window whatever was done was done within it.
  return held.every((did) => all.every((other) => !follows({ ...did, within: age }, other) || held.includes(other)));
}
