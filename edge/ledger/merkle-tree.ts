/**
 * An append-only Merkle tree (RFC 6962, section 2.1; RFC 9162, section 2.1) whose hashes lie in tiles of 256, as in
 * C2SP's tlog-tiles: a batch of leaves writes few tiles, and a proof reads few. No clock, no I/O but the tiles.
 */
import { createHash } from "node:crypto";

export const HASH_BYTES = 32;
/** Hashes in a full tile; its root is one hash of the tile level above. */
const WIDTH = 256;
const HEIGHT = 8;

/** Level 0 holds leaf hashes; the last tile of a level may be shorter than the others. */
export interface Tiles {
  read(level: number, index: number): Uint8Array | null;
  write(level: number, index: number, hashes: Uint8Array): void;
}

/** `MTH({d})` of one leaf. */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return createHash("sha256").update(LEAF).update(leaf).digest();
}

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash("sha256").update(NODE).update(left).update(right).digest();
}

/** Puts leaf hashes behind the `size` that are there. */
export function appendLeaves(tiles: Tiles, size: number, leaves: readonly Uint8Array[]): void {
  append(tiles, 0, size, leaves);
}

function append(tiles: Tiles, level: number, size: number, hashes: readonly Uint8Array[]): void {
  if (hashes.length === 0) return;
  const full: Uint8Array[] = [];
  let written = 0;
  for (let at = size; written < hashes.length; at = size + written) {
    const index = Math.floor(at / WIDTH);
    const batch = hashes.slice(written, written + WIDTH - (at % WIDTH));
    const tile = joined([...(at % WIDTH === 0 ? [] : [tileAt(tiles, level, index)]), ...batch]);
    tiles.write(level, index, tile);
    if (tile.length === WIDTH * HASH_BYTES) full.push(rootOf(tile, 0, WIDTH));
    written += batch.length;
  }
  append(tiles, level + 1, Math.floor(size / WIDTH), full);
}

/** `MTH` of the first `size` leaves. */
export function treeRoot(tiles: Tiles, size: number): Uint8Array {
  return size === 0 ? createHash("sha256").digest() : rangeRoot(tiles, 0, size);
}

/** `PATH(index, D[size])`: from the leaf's neighbour up. */
export function inclusionProof(tiles: Tiles, index: number, size: number): readonly Uint8Array[] {
  if (index < 0 || index >= size) throw new Error("a leaf that isn't in the tree has no proof");
  return path(tiles, index, 0, size);
}

function path(tiles: Tiles, index: number, from: number, to: number): readonly Uint8Array[] {
  if (to - from === 1) return [];
  const middle = from + split(to - from);
  return index < middle
    ? [...path(tiles, index, from, middle), rangeRoot(tiles, middle, to)]
    : [...path(tiles, index, middle, to), rangeRoot(tiles, from, middle)];
}

/** `PROOF(before, D[size])`: that the tree only grew. Empty where both sizes are equal, or the earlier tree is. */
export function consistencyProof(tiles: Tiles, before: number, size: number): readonly Uint8Array[] {
  if (before < 0 || before > size) throw new Error("a tree doesn't shrink");
  return before === 0 || before === size ? [] : subproof(tiles, before, 0, size, true);
}

/** @param whole whether the earlier tree's root is known to the verifier as the root of this range */
function subproof(tiles: Tiles, before: number, from: number, to: number, whole: boolean): readonly Uint8Array[] {
  if (before === to) return whole ? [] : [rangeRoot(tiles, from, to)];
  const middle = from + split(to - from);
  return before <= middle
    ? [...subproof(tiles, before, from, middle, whole), rangeRoot(tiles, middle, to)]
    : [...subproof(tiles, before, middle, to, false), rangeRoot(tiles, from, middle)];
}

/** Leaf hashes from `from` on, at most `count`, as they lie in one tile. */
export function leavesAt(tiles: Tiles, from: number, count: number): Uint8Array {
  const offset = from % WIDTH;
  const tile = tileAt(tiles, 0, Math.floor(from / WIDTH));
  return tile.slice(offset * HASH_BYTES, Math.min(tile.length, (offset + count) * HASH_BYTES));
}

/** The largest power of two that is smaller. */
function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** Of `D[from:to]`, a range that splitting the tree by RFC 6962 leads to. */
function rangeRoot(tiles: Tiles, from: number, to: number): Uint8Array {
  const size = to - from;
  const middle = split(size);
  if (size > 1 && middle * 2 !== size)
    return nodeHash(rangeRoot(tiles, from, from + middle), rangeRoot(tiles, from + middle, to));
  return subtreeRoot(tiles, size, from / size);
}

/** The `index`th of the full subtrees of this size, a power of two: always within one tile. */
function subtreeRoot(tiles: Tiles, size: number, index: number): Uint8Array {
  let [level, width] = [0, size];
  while (width >= WIDTH) {
    level += 1;
    width /= 2 ** HEIGHT;
  }
  const first = index * width;
  return rootOf(tileAt(tiles, level, Math.floor(first / WIDTH)), first % WIDTH, width);
}

function rootOf(tile: Uint8Array, first: number, width: number): Uint8Array {
  if (width === 1) return hashAt(tile, first);
  return nodeHash(rootOf(tile, first, width / 2), rootOf(tile, first + width / 2, width / 2));
}

function hashAt(tile: Uint8Array, place: number): Uint8Array {
  const hash = tile.slice(place * HASH_BYTES, (place + 1) * HASH_BYTES);
  if (hash.length !== HASH_BYTES) throw new Error("the tree has lost hashes");
  return hash;
}

function tileAt(tiles: Tiles, level: number, index: number): Uint8Array {
  const tile = tiles.read(level, index);
  if (tile === null) throw new Error("the tree has lost a tile");
  return tile;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
