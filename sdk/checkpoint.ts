/**
 * A checkpoint of a transparency log (c2sp.org/tlog-checkpoint): a note of origin, size and root, signed with Ed25519
 * under the origin's name (c2sp.org/signed-note).
 */
import { sameBytes, type TreeState } from "./merkle-proof.ts";

export interface Checkpoint extends TreeState {
  readonly origin: string;
  /** What was signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

interface NoteSignature {
  readonly name: string;
  /** Four bytes that say which key it is of. */
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

const MOST_SIGNATURES = 16;

/** Null for whatever is none. */
export function parseCheckpoint(note: string): Checkpoint | null {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) return null;
  const text = note.slice(0, end + 1);
  const [origin = "", size = "", root = "", ...more] = text.split("\n");
  const head = fromBase64(root);
  if (origin === "" || !/^(0|[1-9]\d{0,15})$/.test(size) || head?.length !== 32) return null;
  if (more.slice(0, -1).includes("") || more.at(-1) !== "") return null;
  const lines = note.slice(end + 2, -1).split("\n");
  const signatures = lines.map(parseSignature).filter((each) => each !== null);
  if (signatures.length !== lines.length || lines.length > MOST_SIGNATURES) return null;
  return { origin, size: Number(size), root: head, text, signatures };
}

function parseSignature(line: string): NoteSignature | null {
  const [dash, name, encoded, ...more] = line.split(" ");
  const bytes = fromBase64(encoded ?? "");
  if (dash !== "—" || name === undefined || name === "" || bytes === null || bytes.length < 5 || more.length > 0)
    return null;
  return { name, id: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/**
 * Whether one of the keys signed it; a signature that claims to be of one and isn't spoils the whole note.
 * @param keys public Ed25519 keys, 32 bytes each
 */
export async function isSignedBy(
  { origin, text, signatures }: Checkpoint,
  keys: readonly Uint8Array[],
): Promise<boolean> {
  let signed = false;
  for (const x of keys) {
    const id = await keyId(origin, x);
    for (const { name, id: claimed, signature } of signatures) {
      if (name !== origin || !sameBytes(claimed, id)) continue;
      if (!(await verify(x, signature, text))) return false;
      signed = true;
    }
  }
  return signed;
}

async function verify(x: Uint8Array, signature: Uint8Array, text: string): Promise<boolean> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(x), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, new Uint8Array(signature), new TextEncoder().encode(text));
}

async function keyId(name: string, x: Uint8Array): Promise<Uint8Array> {
  const ED25519 = 1;
  const bytes = new Uint8Array([...new TextEncoder().encode(`${name}\n`), ED25519, ...x]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 4);
}

/** RFC 4648, section 4, in its one canonical spelling; null for anything else. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const binary = atob(text);
  return btoa(binary) === text ? Uint8Array.from(binary, (char) => char.charCodeAt(0)) : null;
}
