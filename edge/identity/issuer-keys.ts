/**
 * Where an issuer publishes its keys: OpenID Connect discovery, or the fixed place of Cloudflare Access. The key set
 * is kept in the isolate and fetched again when a key id is unknown, at most every 30 seconds (jose's cooldown).
 */
import { createRemoteJWKSet } from "jose";
import type { JWTVerifyGetKey } from "jose";
import * as z from "zod/mini";
import { IssuerUnreachable } from "./oidc-token.ts";

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

const known = new Map<string, JWTVerifyGetKey>();

export function isCloudflareAccess(issuer: string): boolean {
  return hostOf(issuer).endsWith(".cloudflareaccess.com");
}

/** @throws IssuerUnreachable */
export async function issuerKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const kept = known.get(issuer);
  if (kept !== undefined) return kept;
  if (!issuer.startsWith("https://") && !isLoopback(issuer)) throw new IssuerUnreachable();
  const url = isCloudflareAccess(issuer) ? new URL("/cdn-cgi/access/certs", issuer) : await discover(issuer);
  const keys = createRemoteJWKSet(url, { timeoutDuration: 5000 });
  known.set(issuer, keys);
  return keys;
}

/** OpenID Connect Discovery 1.0, section 4: the document must name the very issuer that was asked. */
async function discover(issuer: string): Promise<URL> {
  const document = discovery.safeParse(
    await fetchJson(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`),
  );
  if (!document.success || document.data.issuer !== issuer) throw new IssuerUnreachable();
  const url = new URL(document.data.jwks_uri);
  // Keys that came over plain HTTP could be anyone's; only those of an issuer on this machine may.
  if (url.protocol !== "https:" && !isLoopback(issuer)) throw new IssuerUnreachable();
  return url;
}

async function fetchJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) });
    return response.ok ? await response.json() : null;
  } catch {
    throw new IssuerUnreachable();
  }
}

function isLoopback(issuer: string): boolean {
  const host = hostOf(issuer);
  return host === "localhost" || host === "127.0.0.1" || host === "[::1]";
}

function hostOf(issuer: string): string {
  try {
    return new URL(issuer).hostname;
  } catch {
    // The compiler holds issuers to be URLs; one that isn't has no keys anywhere.
    return "";
  }
}
