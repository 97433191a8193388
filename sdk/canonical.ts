/** Canonical JSON (RFC 8785) and the digest over it: what permits, approvals and records are bound to. */
import canonicalize from "canonicalize";

/** Throws a TypeError for what JSON can't say (`undefined`, a function, a lone surrogate, `NaN`). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("not a JSON value");
  return text;
}

/** 64 hex digits over the UTF-8 bytes. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
