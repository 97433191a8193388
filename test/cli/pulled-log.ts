/** Lines of a log as `audit pull` writes them, and what whoever can write them might do to them. */
import { createHash, createPrivateKey, sign } from "node:crypto";
import canonicalize from "canonicalize";
import { growTree } from "../../sdk/merkle-proof.ts";

interface Recorded {
  readonly record: { readonly [field: string]: unknown } & { readonly session: string; readonly seq: number };
  readonly args: string | null;
}

export interface Leaves {
  readonly shard: number;
  readonly session: string;
  readonly seq: number;
  readonly hashes: string;
}

/** A private Ed25519 key. */
export interface Jwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly d: string;
}

export const recordOf = (line: string): Recorded["record"] | null =>
  line.startsWith('{"args"') ? (JSON.parse(line) as Recorded).record : null;
export const isOf = (session: string, line: string): boolean => recordOf(line)?.session === session;
export const isSeq = (session: string, line: string, ...seqs: readonly number[]): boolean =>
  isOf(session, line) && seqs.includes(recordOf(line)?.seq ?? 0);
export const without = (lines: readonly string[], drop: (line: string) => boolean) =>
  lines.filter((line) => !drop(line));

/** The log sealed again from one record on, as whoever can write to the store would do it. */
export function rewritten(lines: readonly string[], session: string, from: number, change: object): readonly string[] {
  let prev: unknown = null;
  return lines.map((line) => {
    const record = recordOf(line);
    if (record === null || record.session !== session) return line;
    if (record.seq < from) {
      prev = record["hash"];
      return line;
    }
    const { hash: _hash, ...rest } = record;
    const next = { ...rest, ...(record.seq === from ? change : {}), prev };
    prev = `sha256:${createHash("sha256")
      .update(canonicalize(next) ?? "")
      .digest("hex")}`;
    return canonicalize({ ...(JSON.parse(line) as Recorded), record: { ...next, hash: prev } }) ?? "";
  });
}

export const leavesOf = (line: string): Leaves | null =>
  line.startsWith('{"leaves"') ? (JSON.parse(line) as { leaves: Leaves }).leaves : null;

/** The leaves of a session as its records in the file would make them. */
export function releaved(lines: readonly string[], session: string): readonly string[] {
  const leaf = (hash: string) =>
    createHash("sha256")
      .update(Buffer.concat([Buffer.of(0), Buffer.from(hash.slice(7), "hex")]))
      .digest();
  const hashes = new Map(
    lines.filter((line) => isOf(session, line)).map((line) => [recordOf(line)?.seq, String(recordOf(line)?.["hash"])]),
  );
  return lines.flatMap((line) => {
    const leaves = leavesOf(line);
    if (leaves?.session !== session) return [line];
    const count = Buffer.from(leaves.hashes, "base64").length / 32;
    const seqs = Array.from({ length: count }, (_, index) => leaves.seq + index).filter((seq) => hashes.has(seq));
    if (seqs.length === 0) return [];
    const bytes = Buffer.concat(seqs.map((seq) => leaf(hashes.get(seq) ?? "")));
    return [JSON.stringify({ leaves: { ...leaves, seq: seqs[0], hashes: bytes.toString("base64") } })];
  });
}

export const noteOf = (line: string): { shard: number; note: string } | null =>
  line.startsWith('{"checkpoint"')
    ? (JSON.parse(line) as { checkpoint: { shard: number; note: string } }).checkpoint
    : null;

/** A note as an edge signs it. */
export function signed(text: string, jwk: Jwk): string {
  const origin = text.split("\n")[0] ?? "";
  const x = Buffer.from(jwk.x, "base64url");
  const id = createHash("sha256").update(`${origin}\n`).update(Buffer.of(1)).update(x).digest().subarray(0, 4);
  const signature = sign(null, Buffer.from(text), createPrivateKey({ key: { ...jwk }, format: "jwk" }));
  return `${text}\n— ${origin} ${Buffer.concat([id, signature]).toString("base64")}\n`;
}

/** Size and root of a shard as its leaves in the file make them. @param key null: under the signature that was there */
export async function recheckpointed(
  lines: readonly string[],
  shard: number,
  key: Jwk | null,
): Promise<readonly string[]> {
  const tree = growTree();
  for (const line of lines) {
    const leaves = leavesOf(line);
    if (leaves?.shard !== shard) continue;
    const bytes = Buffer.from(leaves.hashes, "base64");
    for (let at = 0; at < bytes.length; at += 32) await tree.add(bytes.subarray(at, at + 32));
  }
  const root = Buffer.from(await tree.root()).toString("base64");
  return lines.map((line) => {
    const checkpoint = noteOf(line);
    if (checkpoint?.shard !== shard) return line;
    const [origin = ""] = checkpoint.note.split("\n");
    const text = `${origin}\n${tree.size}\n${root}\n`;
    const old = checkpoint.note.split("\n\n")[1] ?? "";
    const note = key === null ? `${text}\n${old}` : signed(text, key);
    return JSON.stringify({ checkpoint: { shard, note } });
  });
}
