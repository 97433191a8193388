/**
 * Public keys of checkpoints as somebody gives them: a JWK or a set of them, verifier keys of signed notes
 * (`NAME+ID+KEY`), or the 32 bytes alone; as text, or in a file.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { pathFailure, usage } from "../failure.ts";
import { statIfThere } from "../stat-if-there.ts";

const HELP = "give the key that signs checkpoints, from `/.well-known/jwks.json`, as text or as a file";

/** Throws a `Failure`. */
export async function checkpointKeys(given: readonly string[]): Promise<readonly Uint8Array[]> {
  const keys = await Promise.all(given.map(keysOf));
  return keys.flat();
}

async function keysOf(given: string): Promise<readonly Uint8Array[]> {
  const own = parseKeys(given);
  if (own.length > 0) return own;
  if ((await statIfThere(given)) === null) throw usage("that is neither a key nor a file with one", HELP);
  const read = parseKeys(await textOf(given));
  if (read.length === 0) throw usage(`\`${given}\` holds no key that signs checkpoints`, HELP);
  return read;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw pathFailure(`\`${path}\``, error, HELP);
  }
}

/** None for whatever holds none. */
function parseKeys(text: string): readonly Uint8Array[] {
  const json = parseJson(text);
  if (json !== undefined) return jwksOf(json);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const keys = lines.map((line) => parseLine(line.trim())).filter((key) => key !== null);
  return keys.length === lines.length ? keys : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Then it is written in one of the other ways, or none.
    return undefined;
  }
}

/** Of a set those that say that they are for checkpoints; one alone was meant, whatever it says. */
function jwksOf(json: unknown): readonly Uint8Array[] {
  const set = member(json, "keys");
  const jwks = Array.isArray(set) ? set.filter((jwk) => member(jwk, "use") === "checkpoint") : [json];
  return jwks.map((jwk) => raw(member(jwk, "x"))).filter((key) => key !== null);
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

const KEY_BYTES = 32;
/** Before the key of a verifier key stands the type of its signatures. */
const ED25519 = 1;

function parseLine(line: string): Uint8Array | null {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line) ?? [];
  if (name === undefined || encoded === undefined) return raw(line);
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length !== KEY_BYTES + 1 || bytes[0] !== ED25519) return null;
  // A letter that got lost on the way would make it another key, which has signed nothing.
  const expected = createHash("sha256").update(`${name}\n`).update(bytes).digest("hex").slice(0, 8);
  return id === expected ? new Uint8Array(bytes.subarray(1)) : null;
}

/** 32 bytes in base64url or base64. */
function raw(text: unknown): Uint8Array | null {
  if (typeof text !== "string" || !/^[\w+/-]{43}=?$/.test(text)) return null;
  const bytes = Buffer.from(text.replaceAll("-", "+").replaceAll("_", "/"), "base64");
  return bytes.length === KEY_BYTES ? new Uint8Array(bytes) : null;
}
