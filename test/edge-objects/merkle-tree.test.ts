import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appendLeaves,
  consistencyProof,
  HASH_BYTES,
  inclusionProof,
  leafHash,
  leavesAt,
  type Tiles,
  treeRoot,
} from "../../edge/ledger/merkle-tree.ts";

/** The leaves, roots and proofs that the authors of RFC 6962 test their own logs with (`google/certificate-transparency`, Apache-2.0). */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map(
  (hex) => Buffer.from(hex, "hex"),
);
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

function memory(): Tiles {
  const tiles = new Map<string, Uint8Array>();
  return {
    read: (level, place) => tiles.get(`${level}/${place}`) ?? null,
    write: (level, place, hashes) => void tiles.set(`${level}/${place}`, hashes),
  };
}

const hex = (hashes: readonly Uint8Array[]) => hashes.map((hash) => Buffer.from(hash).toString("hex"));

/** By the definition in RFC 6962, section 2.1, and nothing else. */
function reference(leaves: readonly Uint8Array[]): string {
  const sha256 = (...parts: readonly Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
  const root = (part: readonly Uint8Array[]): Buffer => {
    if (part.length === 0) return sha256();
    if (part.length === 1) return sha256(Buffer.of(0), ...part);
    const k = 2 ** Math.ceil(Math.log2(part.length) - 1);
    return sha256(Buffer.of(1), root(part.slice(0, k)), root(part.slice(k)));
  };
  return root(leaves).toString("hex");
}

describe("the tree of RFC 6962", () => {
  test("has the published roots, however the leaves come", () => {
    for (const batch of [1, 2, 3, 8]) {
      const tiles = memory();
      for (let size = 0; size < LEAVES.length; size += batch)
        appendLeaves(tiles, size, LEAVES.slice(size, size + batch).map(leafHash));
      for (const [size, root] of ROOTS.entries()) expect(hex([treeRoot(tiles, size)])).toEqual([root]);
    }
  });

  test("gives the published proofs of inclusion and of consistency", () => {
    const tiles = memory();
    appendLeaves(tiles, 0, LEAVES.map(leafHash));
    expect(hex(inclusionProof(tiles, 0, 1))).toEqual([]);
    expect(hex(inclusionProof(tiles, 0, 8))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(hex(inclusionProof(tiles, 5, 8))).toEqual([
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(hex(inclusionProof(tiles, 2, 3))).toEqual([
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    ]);
    expect(hex(inclusionProof(tiles, 1, 5))).toEqual([
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]);
    expect(hex(consistencyProof(tiles, 1, 1))).toEqual([]);
    expect(hex(consistencyProof(tiles, 1, 8))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(hex(consistencyProof(tiles, 6, 8))).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(hex(consistencyProof(tiles, 2, 5))).toEqual([
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]);
  });
});

describe("a tree of any size, grown in any batches", () => {
  const batches = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 });
  const grown = (sizes: readonly number[]) => {
    const leaves = Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, (_, index) =>
      Buffer.from(String(index)),
    );
    const tiles = memory();
    let size = 0;
    for (const batch of sizes) {
      appendLeaves(tiles, size, leaves.slice(size, size + batch).map(leafHash));
      size += batch;
    }
    return { tiles, leaves };
  };

  test("has the root that the definition says, at every size that it had", () => {
    fc.assert(
      fc.property(batches, fc.nat(), (sizes, choice) => {
        const { tiles, leaves } = grown(sizes);
        const earlier = choice % (leaves.length + 1);
        for (const size of [leaves.length, earlier])
          expect(hex([treeRoot(tiles, size)])).toEqual([reference(leaves.slice(0, size))]);
      }),
      { numRuns: 40 },
    );
  });

  test("gives back its leaf hashes, up to the end of a tile", () => {
    const { tiles, leaves } = grown([255, 300, 10]);
    for (const from of [0, 254, 255, 256, 511, 512, 564]) {
      const read = leavesAt(tiles, from, 1000);
      expect(read.length / HASH_BYTES).toBe(Math.min(leaves.length, (Math.floor(from / 256) + 1) * 256) - from);
      expect(hex([read.slice(0, HASH_BYTES)])).toEqual(hex([leafHash(leaves[from] as Uint8Array)]));
    }
  });

  test("proves nothing about what isn't in it", () => {
    const { tiles } = grown([5]);
    expect(() => inclusionProof(tiles, 5, 5)).toThrow("no proof");
    expect(() => consistencyProof(tiles, 6, 5)).toThrow("shrink");
    expect(() => leavesAt(tiles, 256, 1)).toThrow("lost");
  });
});
