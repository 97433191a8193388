/** Identities of one issuer that a single token could fit both of. */
import type { IdentityClaim } from "../../engine/index.ts";

/** The identities of one issuer, found by what they demand, so that a thousand of them needn't be compared in pairs. */
export interface Known<Item> {
  readonly claimsOf: Map<Item, readonly IdentityClaim[]>;
  readonly byClaim: Map<string, Naming<Item>>;
}

interface Naming<Item> {
  readonly naming: Set<Item>;
  readonly byValue: Map<string, Item[]>;
}

export function noneKnown<Item>(): Known<Item> {
  return { claimsOf: new Map(), byClaim: new Map() };
}

export function addKnown<Item>(known: Known<Item>, item: Item, claims: readonly IdentityClaim[]): void {
  known.claimsOf.set(item, claims);
  for (const { name, values } of claims) {
    const { naming, byValue } = known.byClaim.get(name) ?? { naming: new Set(), byValue: new Map() };
    known.byClaim.set(name, { naming, byValue });
    naming.add(item);
    for (const value of values) {
      const items = byValue.get(value) ?? [];
      items.push(item);
      byValue.set(value, items);
    }
  }
}

/** One of the known that differs from `claims` in no claim that both name; null where all differ in one. */
export function findOverlap<Item>(known: Known<Item>, claims: readonly IdentityClaim[]): Item | null {
  const [narrowest] = claims.toSorted((a, b) => candidateCount(known, a) - candidateCount(known, b));
  if (!narrowest) return null;
  for (const item of candidates(known, narrowest)) {
    if (overlaps(claims, known.claimsOf.get(item) ?? [])) return item;
  }
  return null;
}

function candidateCount<Item>(known: Known<Item>, claim: IdentityClaim): number {
  return strangersTo(known, claim) + sharing(known, claim).length;
}

/** Those that share a value of the claim, and those that don't name it. */
function* candidates<Item>(known: Known<Item>, claim: IdentityClaim): Generator<Item> {
  yield* sharing(known, claim);
  if (strangersTo(known, claim) === 0) return;
  const naming = known.byClaim.get(claim.name)?.naming;
  for (const item of known.claimsOf.keys()) if (naming?.has(item) !== true) yield item;
}

function strangersTo<Item>({ claimsOf, byClaim }: Known<Item>, { name }: IdentityClaim): number {
  return claimsOf.size - (byClaim.get(name)?.naming.size ?? 0);
}

function sharing<Item>({ byClaim }: Known<Item>, { name, values }: IdentityClaim): readonly Item[] {
  const byValue = byClaim.get(name)?.byValue;
  return byValue ? values.flatMap((value) => byValue.get(value) ?? []) : [];
}

function overlaps(left: readonly IdentityClaim[], right: readonly IdentityClaim[]): boolean {
  return left.every(({ name, values }) => {
    const other = right.find((claim) => claim.name === name);
    return other === undefined || values.some((value) => other.values.includes(value));
  });
}
