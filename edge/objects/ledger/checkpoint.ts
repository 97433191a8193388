/** The shard's latest checkpoint. One is signed only where the tree still begins with what was signed before. */
import { base64urlBytes } from "../../base64url-bytes.ts";
import { readCheckpointKeys } from "../../ledger/checkpoint-key.ts";
import { logOrigin } from "../../ledger/log-origin.ts";
import { treeRoot } from "../../ledger/merkle-tree.ts";
import { base64, signCheckpoint } from "../../ledger/signed-note.ts";
import { signedSoFar } from "../../key-ring.ts";
import { firstRow } from "../../rows.ts";
import type { Checkpoint } from "../../rpc.ts";
import type { Clock } from "../clock.ts";
import type { ObjectEnv } from "../env.ts";
import type { Tree } from "./tree-store.ts";

export const CHECKPOINT_SCHEMA = `
  CREATE TABLE IF NOT EXISTS checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1), origin TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL,
    kid TEXT NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL
  );
`;

export interface Signing {
  readonly sql: SqlStorage;
  readonly tree: Tree;
  readonly clock: Clock;
  readonly env: ObjectEnv;
}

export function latestCheckpoint(sql: SqlStorage): Checkpoint | null {
  return firstRow<Checkpoint>(sql, "SELECT origin, size, root, kid, at, note FROM checkpoint");
}

/** What every verifier reads (c2sp.org/signed-note). */
const MOST_SIGNATURES = 16;

/**
 * By the key that signs now and all that did before it, so that an auditor who has the key of any time can check it.
 * The latest again while it says all: neither leaf nor key has come since. @throws when nothing may be signed
 */
export async function checkpoint(signing: Signing, shard: number): Promise<Checkpoint> {
  const { sql, tree, clock, env } = signing;
  const keys = await readCheckpointKeys(env);
  if (keys === null) throw new Error("the secret CHECKPOINT_KEY is missing or no private Ed25519 JWK");
  const now = clock.now();
  const signers = signedSoFar(keys, now).slice(0, MOST_SIGNATURES);
  const kid = signers.map((signer) => signer.kid).join(" ");
  // From here to the signature nothing awaits, so that size and root are of one tree.
  const before = latestCheckpoint(sql);
  const size = tree.size();
  if (before?.size === size && before.kid === kid) return before;
  if (before !== null) requireGrown(tree, size, before);
  const origin = before?.origin ?? logOrigin(env.DEPLOYMENT, shard);
  const root = treeRoot(tree, size);
  const note = await signCheckpoint(
    { origin, size, root },
    signers.map(({ key, x }) => ({ key, x: base64urlBytes(x) })),
  );
  const signed = { origin, size, root: base64(root), kid, at: now, note };
  keep(sql, signed);
  return signed;
}

/** Two checkpoints that contradict each other would prove that this ledger lies: rather none. */
function requireGrown(tree: Tree, size: number, before: Checkpoint): void {
  if (size < before.size || base64(treeRoot(tree, before.size)) !== before.root)
    throw new Error("the ledger isn't what it signed before; nothing is signed any more");
}

/** Whoever signed a larger tree meanwhile was first. */
function keep(sql: SqlStorage, { origin, size, root, kid, at, note }: Checkpoint): void {
  if ((latestCheckpoint(sql)?.size ?? 0) > size) return;
  const query = `INSERT OR REPLACE INTO checkpoint (id, origin, size, root, kid, at, note)
    VALUES (1, ?, ?, ?, ?, ?, ?)`;
  sql.exec(query, origin, size, root, kid, at, note);
}
