/**
 * Session tokens: JWS with HS256 under a key that only the Worker has, good for 15 minutes. Verifying one takes no I/O.
 * Keys replace each other (`key-ring.ts`): the current one signs, the one before it still verifies, told apart by `kid`.
 */
import { errors, jwtVerify, SignJWT } from "jose";
import type { JWTPayload } from "jose";
import type { Requester } from "../../engine/index.ts";
import { isRootId, isSessionId } from "../ids.ts";
import { signingKey, verifyingKeys } from "../key-ring.ts";
import type { KeyRing } from "../key-ring.ts";
import { SESSION_TOKEN_TYPE } from "../token-type.ts";

const SESSION_TOKEN_SECONDS = 15 * 60;
/** A session lives at most 24 hours; a token older than that is of no session. */
const LONGEST_SESSION_SECONDS = 24 * 60 * 60;

export interface SessionTokenKey {
  readonly kid: string;
  readonly secret: CryptoKey;
}

/** Where a token is good: `audience` is policy and environment, and each deployment has keys of its own. */
export interface SessionTokenScope {
  readonly issuer: string;
  readonly audience: string;
  readonly environment: string;
  readonly keys: KeyRing<SessionTokenKey>;
}

/** Who asks, as the Worker vouched for it when the session was opened. */
export interface SessionClaims {
  readonly session: string;
  readonly root: string;
  readonly agent: string;
  readonly environment: string;
  readonly chain: readonly { readonly session: string; readonly agent: string }[];
  readonly requester: Requester | null;
  /** The gateway that opened the session and alone uses it; null where the agent did. */
  readonly gateway: string | null;
}

export type VerifySession =
  | { readonly ok: true; readonly claims: SessionClaims }
  | { readonly ok: false; readonly expired: boolean };

/** @param now UTC milliseconds. @returns the token and when it expires (UTC ms). */
export async function signSessionToken(
  scope: SessionTokenScope,
  claims: SessionClaims,
  now: number,
): Promise<{ readonly token: string; readonly expires: number }> {
  const key = signingKey(scope.keys, now);
  const iat = Math.floor(now / 1000);
  const exp = iat + SESSION_TOKEN_SECONDS;
  const { session, root, agent, environment, chain, requester, gateway } = claims;
  const by = gateway === null ? {} : { gtw: gateway };
  const token = await new SignJWT({ sid: session, root, env: environment, chain, req: requester, ...by })
    .setProtectedHeader({ alg: "HS256", typ: SESSION_TOKEN_TYPE, kid: key.kid })
    .setIssuer(scope.issuer)
    .setAudience(scope.audience)
    .setSubject(agent)
    .setIssuedAt(iat)
    .setExpirationTime(exp)
    .sign(key.secret);
  return { token, expires: exp * 1000 };
}

/**
 * @param now UTC milliseconds.
 * @param renewing An expired token still tells which session is meant when the agent's own credential stands beside it.
 */
export async function verifySessionToken(
  scope: SessionTokenScope,
  token: string,
  now: number,
  renewing = false,
): Promise<VerifySession> {
  const known = verifiedTokens(scope).get(token);
  if (known !== undefined && isGood(known, scope, now)) return { ok: true, claims: known.claims };
  try {
    const { payload, protectedHeader } = await jwtVerify(token, (header) => keyWithId(scope, header.kid, now), {
      algorithms: ["HS256"],
      typ: SESSION_TOKEN_TYPE,
      issuer: scope.issuer,
      audience: scope.audience,
      requiredClaims: ["sub", "sid", "root", "env", "chain", "iat", "exp"],
      currentDate: new Date(now),
      clockTolerance: renewing ? LONGEST_SESSION_SECONDS : 0,
    });
    const claims = readClaims(payload);
    if (claims?.environment !== scope.environment) return { ok: false, expired: false };
    if (!renewing) rememberToken(scope, token, { claims, kid: protectedHeader.kid, exp: payload.exp ?? 0 });
    return { ok: true, claims };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { ok: false, expired: error instanceof errors.JWTExpired };
    throw error;
  }
}

interface VerifiedToken {
  readonly claims: SessionClaims;
  readonly kid: string | undefined;
  /** UTC seconds. */
  readonly exp: number;
}

/** An agent shows the same token again and again: whatever its signature says once it says always. */
const verified = new WeakMap<SessionTokenScope, Map<string, VerifiedToken>>();
const MOST_TOKENS = 2_000;

function verifiedTokens(scope: SessionTokenScope): Map<string, VerifiedToken> {
  const tokens = verified.get(scope) ?? new Map<string, VerifiedToken>();
  verified.set(scope, tokens);
  return tokens;
}

function rememberToken(scope: SessionTokenScope, token: string, what: VerifiedToken): void {
  const tokens = verifiedTokens(scope);
  if (tokens.size >= MOST_TOKENS) tokens.clear();
  tokens.set(token, what);
}

/** Its time and its key may have run out since. */
function isGood({ exp, kid }: VerifiedToken, scope: SessionTokenScope, now: number): boolean {
  return exp > Math.floor(now / 1000) && verifyingKeys("session", scope.keys, now).some((key) => key.kid === kid);
}

/** One of those that verify now. */
export function keyWithId(scope: SessionTokenScope, kid: string | undefined, now: number): CryptoKey {
  const key = verifyingKeys("session", scope.keys, now).find((candidate) => candidate.kid === kid);
  if (key === undefined) throw new errors.JWSSignatureVerificationFailed();
  return key.secret;
}

/** Only the Worker signs these, so a claim of another shape is a token of another version of it. */
function readClaims(payload: JWTPayload): SessionClaims | null {
  const { sid, root, sub, env, chain, req, gtw = null } = payload;
  if (typeof sid !== "string" || !isSessionId(sid) || typeof root !== "string" || !isRootId(root)) return null;
  if (typeof sub !== "string" || typeof env !== "string" || !Array.isArray(chain)) return null;
  if (gtw !== null && typeof gtw !== "string") return null;
  return {
    session: sid,
    root,
    agent: sub,
    environment: env,
    chain: chain as SessionClaims["chain"],
    requester: (req ?? null) as Requester | null,
    gateway: gtw,
  };
}
