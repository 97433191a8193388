/**
 * Checkpoints as C2SP writes them: a signed note (c2sp.org/signed-note) whose text is origin, size and root of a tree
 * (c2sp.org/tlog-checkpoint), signed with Ed25519. The key's name is the origin.
 */
import { createHash } from "node:crypto";

export interface TreeHead {
  /** Names the log: a URL without its scheme. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface NoteKey {
  readonly key: CryptoKey;
  /** The public half, 32 bytes. */
  readonly x: Uint8Array;
}

/** One line a key: whoever knows any of them can check the note, and passes over the others. */
export async function signCheckpoint({ origin, size, root }: TreeHead, keys: readonly NoteKey[]): Promise<string> {
  const text = `${origin}\n${size}\n${base64(root)}\n`;
  const lines = await Promise.all(keys.map((key) => signatureLine(origin, text, key)));
  return `${text}\n${lines.join("")}`;
}

async function signatureLine(origin: string, text: string, { key, x }: NoteKey): Promise<string> {
  const signature = await crypto.subtle.sign("Ed25519", key, new TextEncoder().encode(text));
  const signed = new Uint8Array([...keyId(origin, x), ...new Uint8Array(signature)]);
  return `— ${origin} ${base64(signed)}\n`;
}

/** The first four bytes of SHA-256 over name, newline, signature type and public key. */
function keyId(name: string, x: Uint8Array): Uint8Array {
  return createHash("sha256").update(`${name}\n`).update(ED25519).update(x).digest().slice(0, 4);
}

const ED25519 = new Uint8Array([1]);

/** RFC 4648, section 4. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
