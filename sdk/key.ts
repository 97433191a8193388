/**
 * An agent's Ed25519 key and the assertion made with it (RFC 7523 section 3): issuer and subject are the agent, the
 * audience is the edge's origin, and each is good for one use within a minute.
 */
import { base64url, importJWK, SignJWT } from "jose";
import type { CryptoKey, JWK } from "jose";

/** What `agentpolicy keys new` writes: the JWK, its JSON text, or the 32-byte seed in base64url. */
export type AgentKey = JWK | string | CryptoKey;

/** PKCS #8 of an Ed25519 private key is this and the seed (RFC 8410, section 7). */
const PKCS8_PREFIX = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

const ASSERTION_SECONDS = 60;

/** What was given as a key is none. A TypeError, since no edge was asked; its message never quotes what was given. */
export class InvalidKey extends TypeError {
  override readonly name = "InvalidKey";
}

/** Throws `InvalidKey` where nothing was given: an environment variable that isn't set mustn't wait for `open`. */
export function requireKey(agent: string, key: unknown): void {
  if (typeof key === "string" ? key.trim() !== "" : typeof key === "object" && key !== null) return;
  throw new InvalidKey(`\`key\` is missing: give the text of \`.agentpolicy/keys/${agent}.jwk\``);
}

/** Throws `InvalidKey`. */
export async function readKey(key: AgentKey): Promise<CryptoKey> {
  if (typeof key !== "string") return isJwk(key) ? readJwk(key) : key;
  const text = key.trim();
  if (text.startsWith("{")) return readJwk(parseJwk(text));
  return importSeed(text);
}

function isJwk(key: CryptoKey | JWK): key is JWK {
  return "kty" in key;
}

function parseJwk(text: string): JWK {
  try {
    return JSON.parse(text) as JWK;
  } catch {
    throw new InvalidKey("the agent's key is not valid JSON");
  }
}

async function readJwk(jwk: JWK): Promise<CryptoKey> {
  if (jwk.kty !== "OKP" || jwk.crv !== "Ed25519" || typeof jwk.d !== "string") {
    throw new InvalidKey('the agent\'s key must be a private Ed25519 JWK (`"kty":"OKP","crv":"Ed25519"` with `"d"`)');
  }
  try {
    return (await importJWK(jwk, "EdDSA")) as CryptoKey;
  } catch {
    throw new InvalidKey("the agent's key is damaged: its parts don't make an Ed25519 key");
  }
}

/** No seed holds a dot or a slash. */
function looksLikePath(text: string): boolean {
  return !text.includes("\n") && (/[/\\]/.test(text) || /\.(jwk|json|pem|key|agentpolicy)$/.test(text));
}

async function importSeed(text: string): Promise<CryptoKey> {
  let seed: Uint8Array;
  try {
    seed = base64url.decode(text);
  } catch {
    seed = new Uint8Array();
  }
  if (seed.length !== 32) {
    const hint = looksLikePath(text) ? "; this looks like a path: give the text of that file" : "";
    throw new InvalidKey(`the agent's key must be a JWK, its JSON, or 32 bytes in base64url${hint}`);
  }
  return crypto.subtle.importKey("pkcs8", new Uint8Array([...PKCS8_PREFIX, ...seed]), { name: "Ed25519" }, false, [
    "sign",
  ]);
}

/** `origin` as `URL.origin` prints it. */
export async function signAssertion(agent: string, key: CryptoKey, origin: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: "EdDSA", typ: "client-authentication+jwt" })
    .setIssuer(agent)
    .setSubject(agent)
    .setAudience(origin)
    .setJti(crypto.randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_SECONDS)
    .sign(key);
}
