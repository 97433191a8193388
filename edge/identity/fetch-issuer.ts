/**
 * Asks an issuer for its keys: OpenID Connect discovery, or the fixed place of Cloudflare Access. Over https, without
 * following redirects, within limits of time and size; anything else that comes back is no answer.
 */
import { createLocalJWKSet, errors } from "jose";
import type { JSONWebKeySet } from "jose";
import * as z from "zod/mini";
import { ALGORITHMS, IssuerUnreachable } from "./oidc-token.ts";
import type { IssuerKeys } from "./oidc-token.ts";

const discovery = z.object({
  issuer: z.string(),
  jwks_uri: z.url(),
  id_token_signing_alg_values_supported: z.optional(z.array(z.string())),
});

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** For each of at most two fetches, milliseconds. */
const PATIENCE = 5_000;
/** Bytes: many times what the largest issuers publish. */
const LARGEST = 256 * 1024;

/**
 * @param local Whether this edge runs on a developer's machine: only there plain HTTP is taken, from that machine.
 * @throws IssuerUnreachable
 */
export async function fetchIssuer(issuer: string, local: boolean): Promise<IssuerKeys> {
  const { url, algorithms } = isCloudflareAccess(issuer)
    ? { url: new URL("/cdn-cgi/access/certs", issuer), algorithms: ["RS256"] }
    : await discover(issuer, local);
  const keys = keySet.safeParse(await fetchJson(url, local));
  if (!keys.success) throw new IssuerUnreachable();
  return { algorithms, key: localKeys(keys.data) };
}

export function isCloudflareAccess(issuer: string): boolean {
  const url = urlOf(issuer);
  return url?.protocol === "https:" && url.hostname.endsWith(".cloudflareaccess.com");
}

export function isLoopback(address: string): boolean {
  const host = urlOf(address)?.hostname;
  return host === "localhost" || host === "127.0.0.1" || host === "[::1]";
}

interface Discovered {
  readonly url: URL;
  readonly algorithms: readonly string[];
}

/** OpenID Connect Discovery 1.0, section 4: the document must name the very issuer that was asked. */
async function discover(issuer: string, local: boolean): Promise<Discovered> {
  const place = urlOf(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  if (place === null) throw new IssuerUnreachable();
  const document = discovery.safeParse(await fetchJson(place, local));
  if (!document.success || document.data.issuer !== issuer) throw new IssuerUnreachable();
  const { jwks_uri, id_token_signing_alg_values_supported: stated = ALGORITHMS } = document.data;
  return { url: new URL(jwks_uri), algorithms: stated.filter((name) => ALGORITHMS.includes(name)) };
}

/** Keys that came over plain HTTP could be anyone's. */
function isTrustworthy(url: URL, local: boolean): boolean {
  return url.protocol === "https:" || (local && url.protocol === "http:" && isLoopback(url.href));
}

async function fetchJson(url: URL, local: boolean): Promise<unknown> {
  if (!isTrustworthy(url, local)) throw new IssuerUnreachable();
  try {
    const response = await fetch(url, {
      redirect: "manual",
      // A copy on the way would make a fetch for a new key pointless.
      cache: "no-store",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status !== 200) throw new IssuerUnreachable();
    return JSON.parse(await readWithin(response, LARGEST)) as unknown;
  } catch {
    // Down, too slow, too large or no JSON: to whoever asks it is all the same.
    throw new IssuerUnreachable();
  }
}

async function readWithin(response: Response, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > limit) throw new IssuerUnreachable();
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function localKeys(keys: JSONWebKeySet): IssuerKeys["key"] {
  try {
    return createLocalJWKSet(keys);
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new IssuerUnreachable();
    throw error;
  }
}

function urlOf(text: string): URL | null {
  // The compiler holds issuers to be URLs; one that isn't has no keys anywhere.
  return URL.canParse(text) ? new URL(text) : null;
}
