/**
 * An agent's client certificate, as the platform has verified it on the connection: `request.cf.tlsClientAuth`, never a
 * header, which anybody can send. A chain that verified and a certificate that isn't revoked are two answers there,
 * and both must be yes: https://developers.cloudflare.com/api-shield/security/mtls/configure/
 */
import { DEVELOPMENT } from "../deployment.ts";
import type { Deployment } from "../deployment.ts";

export interface ShownCertificate {
  /** 64 hex digits in lower case. */
  readonly fingerprint: string;
  readonly sound: boolean;
}

/** Null where there is none. At a developer's machine nothing stands in front of the Worker that could vouch for one. */
export function shownCertificate(request: Request, { environment }: Deployment): ShownCertificate | null {
  const shown = (request as Request<unknown, IncomingRequestCfProperties>).cf?.tlsClientAuth;
  if (environment === DEVELOPMENT || typeof shown !== "object" || shown === null) return null;
  const { certVerified, certRevoked, certFingerprintSHA256 } = shown;
  const fingerprint = fingerprintOf(certFingerprintSHA256);
  if (fingerprint === null) return null;
  return { fingerprint, sound: certVerified === "SUCCESS" && certRevoked === "0" };
}

/** The platform may write it in capitals or with colons; the policy doesn't. */
function fingerprintOf(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const text = value.replaceAll(":", "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(text) ? text : null;
}
