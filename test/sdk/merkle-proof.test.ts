/** The edge makes proofs and the sdk checks them, each with code of its own. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appendLeaves,
  consistencyProof,
  inclusionProof,
  leafHash as edgeLeafHash,
  type Tiles,
  treeRoot,
} from "../../edge/ledger/merkle-tree.ts";
import { growTree, isConsistent, leafHash, rootOfInclusion } from "../../sdk/merkle-proof.ts";

function treeOf(size: number): Tiles {
  const stored = new Map<string, Uint8Array>();
  const tiles: Tiles = {
    read: (level, place) => stored.get(`${level}/${place}`) ?? null,
    write: (level, place, hashes) => void stored.set(`${level}/${place}`, hashes),
  };
  appendLeaves(
    tiles,
    0,
    Array.from({ length: size }, (_, index) => edgeLeafHash(leaf(index))),
  );
  return tiles;
}

const leaf = (index: number) => Buffer.from(String(index));
const state = (tiles: Tiles, size: number) => ({ size, root: treeRoot(tiles, size) });
const bytes = (hash: Uint8Array | null) => (hash === null ? null : Buffer.from(hash).toString("hex"));

/** What a proof may be turned into. */
function spoilt(proof: readonly Uint8Array[], choice: number): readonly Uint8Array[] {
  const place = choice % Math.max(1, proof.length);
  const flipped = proof.map((hash, index) =>
    index === place ? hash.map((byte, at) => (at === 7 ? byte ^ 16 : byte)) : hash,
  );
  const ways = [
    flipped,
    proof.slice(0, -1),
    proof.slice(1),
    [...proof, new Uint8Array(32)],
    [new Uint8Array(32), ...proof],
  ].filter((way) => JSON.stringify(way) !== JSON.stringify(proof));
  return ways[choice % ways.length] ?? [];
}

const sizes = fc.tuple(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat());

describe("proofs of the edge's tree", () => {
  test("show that a leaf is in it, and no other leaf, place, size or path does", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ([size, one, choice]) => {
        const tiles = treeOf(size);
        const index = one % size;
        const root = bytes(treeRoot(tiles, size));
        const proof = inclusionProof(tiles, index, size);
        const own = await leafHash(leaf(index));
        expect(bytes(await rootOfInclusion(own, index, size, proof))).toBe(root);
        expect(bytes(await rootOfInclusion(own, index, size, spoilt(proof, choice)))).not.toBe(root);
        expect(bytes(await rootOfInclusion(await leafHash(leaf(size)), index, size, proof))).not.toBe(root);
        if (size > 1) {
          const other = (index + 1 + (choice % (size - 1))) % size;
          expect(bytes(await rootOfInclusion(own, other, size, proof))).not.toBe(root);
        }
        expect(await rootOfInclusion(own, size, size, proof)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  test("show that it grew from what it was, and from nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ([size, one, choice]) => {
        const tiles = treeOf(size);
        const before = 1 + (one % size);
        const [earlier, later] = [state(tiles, before), state(tiles, size)];
        const proof = consistencyProof(tiles, before, size);
        expect(await isConsistent(earlier, later, proof)).toBe(true);
        expect(await isConsistent(earlier, later, spoilt(proof, choice))).toBe(false);
        const forged = { ...earlier, root: new Uint8Array(32) };
        expect(await isConsistent(forged, later, proof)).toBe(false);
        expect(await isConsistent(earlier, { ...later, root: new Uint8Array(32) }, proof)).toBe(false);
        if (before < size) expect(await isConsistent(later, earlier, proof)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("an empty tree is the beginning of every other", async () => {
    const tiles = treeOf(3);
    expect(await isConsistent(state(tiles, 0), state(tiles, 3), [])).toBe(true);
    expect(await isConsistent(state(tiles, 0), state(tiles, 3), [new Uint8Array(32)])).toBe(false);
  });
});

test("a tree that is grown leaf by leaf has the edge's roots", async () => {
  const tiles = treeOf(600);
  const tree = growTree();
  for (let size = 0; size <= 600; size += 1) {
    if (size < 20 || size % 97 === 0 || size === 600)
      expect(bytes(await tree.root())).toBe(bytes(treeRoot(tiles, size)));
    if (size < 600) await tree.add(await leafHash(leaf(size)));
  }
});
