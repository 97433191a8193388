/**
 * The edge's keys, fetched from its `/.well-known/jwks.json` and kept for an hour. A `kid` that isn't among them fetches
 * once, at most every 30 seconds, so that forged permits make nobody fetch at their pace.
 */
import { createRemoteJWKSet, errors } from "jose";
import type { JWTVerifyGetKey } from "jose";
import { PermitError } from "./permit-error.ts";

const kept = new Map<string, JWTVerifyGetKey>();

/** Throws a TypeError for an address that isn't `https`, or `http` on this machine. */
export function remoteKeys(address: string | URL): JWTVerifyGetKey {
  const url = keySetUrl(address);
  const keys = kept.get(url.href) ?? fetchedFrom(url);
  kept.set(url.href, keys);
  return keys;
}

function fetchedFrom(url: URL): JWTVerifyGetKey {
  const find = createRemoteJWKSet(url, { timeoutDuration: 5_000, cooldownDuration: 30_000, cacheMaxAge: 3_600_000 });
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      throw new PermitError("keys_unreachable", "the edge's keys can't be fetched", { cause });
    }
  };
}

function keySetUrl(address: string | URL): URL {
  const url = URL.canParse(String(address)) ? new URL(String(address)) : null;
  const local = url !== null && (/^127(\.\d+){3}$/.test(url.hostname) || ["localhost", "[::1]"].includes(url.hostname));
  if (url?.protocol === "https:" || (url?.protocol === "http:" && local)) return url;
  throw new TypeError("`jwks` must be the edge's key set, or its address: `https://…/.well-known/jwks.json`");
}
