/**
 * A verifier as somebody else would write it, from docs/http-api.md, RFC 8785, RFC 9162 and C2SP alone: it imports nothing
 * of this repository, so that it agrees with `audit verify` only where both are right. Throws at whatever doesn't fit.
 */
import { createHash, createPublicKey, verify } from "node:crypto";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Fields = { readonly [name: string]: Json };

interface Verified {
  readonly records: number;
  /** Signatures of the first checkpoint, and how many of them are of a key that was given. */
  readonly signatures: number;
  readonly known: number;
  readonly anchors: number;
}

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

function need(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** RFC 8785: members in the order of their UTF-16 code units; numbers and texts as ECMAScript writes them. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = value as Fields;
  const names = Object.keys(fields).sort((a, b) => (a < b ? -1 : 1));
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(fields[name] ?? null)}`).join(",")}}`;
}

/** RFC 9162, section 2.1.1, as it stands there. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(NODE, treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** RFC 9162, section 2.1.3.2. */
function rootBy(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer {
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of path) {
    need(sn > 0, "the path is too long");
    if (fn % 2 === 1 || fn === sn) {
      r = sha256(NODE, p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else r = sha256(NODE, r, p);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  need(sn === 0, "the path is too short");
  return r;
}

interface Note {
  readonly size: number;
  readonly root: Buffer;
  readonly signatures: number;
  readonly known: number;
}

/** c2sp.org/signed-note and c2sp.org/tlog-checkpoint. */
function openNote(note: string, keys: readonly string[]): Note {
  const end = note.lastIndexOf("\n\n");
  const [text, lines] = [
    note.slice(0, end + 1),
    note
      .slice(end + 2)
      .split("\n")
      .slice(0, -1),
  ];
  const [origin = "", size = "", root = ""] = text.split("\n");
  const known = lines.filter((line) => {
    const [dash, name, encoded] = line.split(" ");
    need(dash === "—" && name !== undefined && encoded !== undefined, "no signature line");
    const signed = Buffer.from(encoded, "base64");
    const x = keys.find((each) => keyId(name, each).equals(signed.subarray(0, 4)));
    if (x === undefined || name !== origin) return false;
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    need(verify(null, Buffer.from(text), key, signed.subarray(4)), "a signature is wrong");
    return true;
  });
  need(known.length > 0, "no key that was given has signed it");
  return { size: Number(size), root: Buffer.from(root, "base64"), signatures: lines.length, known: known.length };
}

function keyId(name: string, x: string): Buffer {
  return sha256(`${name}\n`, Buffer.of(1), Buffer.from(x, "base64url")).subarray(0, 4);
}

const leafOf = (hash: string): Buffer => sha256(LEAF, Buffer.from(hash.slice("sha256:".length), "hex"));

/** One line of a pulled file, as docs/http-api.md has it. */
interface Line {
  readonly record?: Fields & { readonly session: string; readonly seq: number; readonly hash: string };
  readonly args?: string | null;
  readonly checkpoint?: { readonly shard: number; readonly note: string };
  readonly leaves?: Leaves;
  readonly anchor?: Anchor;
}

interface Leaves {
  readonly shard: number;
  readonly session: string;
  readonly seq: number;
  readonly hashes: string;
}

interface Anchor extends Omit<Leaves, "hashes"> {
  readonly leaf: number;
  readonly hashes: readonly string[];
}

type Chains = Map<string, string[]>;

/** @param keys `x` of public Ed25519 keys */
export function verifyAsThirdParty(lines: readonly string[], keys: readonly string[]): Verified {
  const chains: Chains = new Map();
  const notes = new Map<number, Note>();
  const trees = new Map<number, Buffer[]>();
  let anchors = 0;
  for (const line of lines) {
    const { record, args = null, checkpoint, leaves, anchor } = JSON.parse(line) as Line;
    if (record !== undefined) takeRecord(chains, record, args);
    if (checkpoint !== undefined) notes.set(checkpoint.shard, openNote(checkpoint.note, keys));
    if (leaves !== undefined) takeLeaves(chains, trees, leaves);
    if (anchor === undefined) continue;
    takeAnchor(chains, notes, anchor);
    anchors += 1;
  }
  for (const [shard, { size, root }] of anchors > 0 ? [] : notes) {
    const tree = trees.get(shard) ?? [];
    need(tree.length === size && treeHash(tree).equals(root), `shard ${shard} isn't what was signed`);
  }
  const [first] = notes.values();
  need(first !== undefined, "no checkpoint");
  const records = [...chains.values()].reduce((sum, { length }) => sum + length, 0);
  return { records, signatures: first.signatures, known: first.known, anchors };
}

function takeRecord(chains: Chains, record: NonNullable<Line["record"]>, args: string | null): void {
  const { hash, ...rest } = record;
  const log = rest.session.split(".")[0] ?? "";
  const chain = chains.get(log) ?? [];
  need(hash === `sha256:${sha256(canonical(rest)).toString("hex")}`, `a record of ${log} isn't what its hash says`);
  need(rest.seq === chain.length + 1 && rest["prev"] === (chain.at(-1) ?? null), `the chain of ${log} is broken`);
  need(args === null || sha256(args).toString("hex") === rest["args_sha256"], `arguments of ${log} differ`);
  chains.set(log, [...chain, hash]);
}

function takeLeaves(chains: Chains, trees: Map<number, Buffer[]>, { shard, session, seq, hashes }: Leaves): void {
  need(sha256(session).readUInt32BE() % 8 === shard, `${session} stands in another's shard`);
  const bytes = Buffer.from(hashes, "base64");
  const own = Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
  for (const [at, leaf] of own.entries())
    need(leafOf(chains.get(session)?.[seq - 1 + at] ?? "").equals(leaf), `a record of ${session} isn't in the tree`);
  trees.set(shard, [...(trees.get(shard) ?? []), ...own]);
}

function takeAnchor(chains: Chains, notes: ReadonlyMap<number, Note>, anchor: Anchor): void {
  const { shard, session, seq, leaf, hashes } = anchor;
  const note = notes.get(shard);
  need(note !== undefined, "no checkpoint");
  const path = hashes.map((hash) => Buffer.from(hash, "base64"));
  const hash = chains.get(session)?.[seq - 1] ?? "";
  need(rootBy(leafOf(hash), leaf, note.size, path).equals(note.root), `no proof of ${session}`);
}
