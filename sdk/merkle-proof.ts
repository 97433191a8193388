/**
 * What proves that something stands in a Merkle tree and that the tree only grew (RFC 9162, section 2.1). Verification
 * alone, and written apart from the edge's code that makes the proofs.
 */

/** Leaf hash (`0x00` before the leaf). A leaf of the ledger is the 32 bytes of a record's `hash`. */
export function leafHash(leaf: Uint8Array): Promise<Uint8Array> {
  return sha256(0, leaf);
}

/**
 * RFC 9162, section 2.1.3.2: the root that the path leads to, or null for a path of no such tree.
 * @param leaf its hash (`leafHash`) @param path from the leaf up
 */
export async function rootOfInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  if (index >= size) return null;
  let [node, last, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      root = await nodeHash(sibling, root);
      for (; node % 2 === 0 && node !== 0; node /= 2) last = half(last);
    } else root = await nodeHash(root, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : null;
}

export interface TreeState {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * RFC 9162, section 2.1.4.2: whether the later tree begins with the earlier one. Two checkpoints will do, once it is
 * known that they are signed (`isSignedBy`).
 */
export async function isConsistent(
  before: TreeState,
  after: TreeState,
  proof: readonly Uint8Array[],
): Promise<boolean> {
  if (before.size > after.size) return false;
  if (before.size === after.size) return proof.length === 0 && sameBytes(before.root, after.root);
  if (before.size === 0) return proof.length === 0;
  const path = isPowerOfTwo(before.size) ? [before.root, ...proof] : proof;
  const roots = await rootsOfConsistency(before.size, after.size, path);
  return roots !== null && sameBytes(roots.before, before.root) && sameBytes(roots.after, after.root);
}

async function rootsOfConsistency(
  from: number,
  to: number,
  path: readonly Uint8Array[],
): Promise<{ readonly before: Uint8Array; readonly after: Uint8Array } | null> {
  let [node, last] = [from - 1, to - 1];
  for (; node % 2 === 1; node = half(node)) last = half(last);
  const [first, ...rest] = path;
  if (first === undefined) return null;
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      [before, after] = [await nodeHash(sibling, before), await nodeHash(sibling, after)];
      for (; node % 2 === 0 && node !== 0; node /= 2) last = half(last);
    } else after = await nodeHash(after, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? { before, after } : null;
}

/** A tree that grows leaf by leaf: what is kept is one hash for each bit of its size. */
export interface GrowingTree {
  readonly size: number;
  add(leafHash: Uint8Array): Promise<void>;
  /** Of the leaves so far. */
  root(): Promise<Uint8Array>;
}

export function growTree(): GrowingTree {
  const peaks: { readonly hash: Uint8Array; readonly width: number }[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    async add(leaf) {
      let peak = { hash: leaf, width: 1 };
      for (let left = peaks.at(-1); left?.width === peak.width; left = peaks.at(-1)) {
        peaks.pop();
        peak = { hash: await nodeHash(left.hash, peak.hash), width: peak.width * 2 };
      }
      peaks.push(peak);
      size += 1;
    },
    async root() {
      const [last, ...others] = peaks.toReversed();
      let root = last?.hash ?? (await sha256(null));
      for (const { hash } of others) root = await nodeHash(hash, root);
      return root;
    },
  };
}

function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(1, left, right);
}

async function sha256(prefix: 0 | 1 | null, ...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const bytes = [...(prefix === null ? [] : [prefix]), ...parts.flatMap((part) => [...part])];
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

function half(number: number): number {
  return Math.floor(number / 2);
}

function isPowerOfTwo(number: number): boolean {
  return Number.isInteger(Math.log2(number));
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
