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
  const ages = points(uses, "age", { min: 0n, max: MOST_AGE, step: 1n, handy: 60_000n }).map(Number);
  const calls = points(uses, "calls", { min: 0n, max: 100_000n * ONE, step: ONE, handy: ONE }).map((n) =>
    Number(n / ONE),
  );
  const cases = consistent(dids).flatMap((did) =>
    calls.flatMap((count) =>
      ages.flatMap((age) => (isPossible(did, count, age, dids) ? [{ did, calls: count, age }] : [])),
    ),
  );
  const opaque = uses.some(({ what }) => what.kind === "opaque" || what.kind === "linked");
  return {
    key: "history",
    cases: cases.map((one): Case => ({ history: { ...one, did: one.did.map(didKey) } })),
    inexact: tests.length > MOST_TESTS || opaque ? "what was done before" : null,
  };
}

function points(uses: readonly Use[], name: string, scale: Parameters<typeof orderedPoints>[1]): readonly bigint[] {
  const found = uses
    .filter(({ site }) => site.path[0] === name)
    .flatMap(({ what }) => (what.kind === "points" ? what.points : []));
  const all = orderedPoints(found, scale, 1);
  return found.length === 0 ? [name === "calls" ? 5n * ONE : 7_200_000n, 0n] : [...new Set([...all, scale.min])];
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
