/** Session tokens: who asks, and in which session, as the edge vouched for it when the session was opened. */
import type { JWTPayload } from "jose";
import type { Requester } from "../../engine/index.ts";
import { isRootId, isSessionId } from "../ids.ts";
import type { Link } from "../rpc.ts";
import { SESSION_TOKEN_TYPE } from "../token-type.ts";
import { ownTokenKeys, signOwnToken, verifyOwnToken } from "./own-token.ts";
import type { OwnTokenScope, SignedToken } from "./own-token.ts";

/** A session lives at most 24 hours; a token older than that is of no session. */
const LONGEST_SESSION_SECONDS = 24 * 60 * 60;

/** Who asks, as the Worker vouched for it when the session was opened. */
export interface SessionClaims {
  readonly session: string;
  readonly root: string;
  readonly agent: string;
  readonly environment: string;
  /** From the root to the session itself. */
  readonly chain: readonly Link[];
  readonly requester: Requester | null;
  /** The gateway that opened the session and alone uses it; null where the agent did. */
  readonly gateway: string | null;
}

export type VerifySession =
  | { readonly ok: true; readonly claims: SessionClaims }
  | { readonly ok: false; readonly expired: boolean };

/** @param now UTC milliseconds. */
export async function signSessionToken(scope: OwnTokenScope, claims: SessionClaims, now: number): Promise<SignedToken> {
  const { session, root, agent, chain, requester, gateway } = claims;
  const by = gateway === null ? {} : { gtw: gateway };
  return signOwnToken(scope, SESSION_TOKEN_TYPE, { sub: agent, sid: session, root, chain, req: requester, ...by }, now);
}

const SESSION_TOKEN = { typ: SESSION_TOKEN_TYPE, claims: ["sid", "root", "chain"] };

/**
 * @param now UTC milliseconds.
 * @param renewing An expired token still tells which session is meant when the agent's own credential stands beside it.
 */
export async function verifySessionToken(
  scope: OwnTokenScope,
  token: string,
  now: number,
  renewing = false,
): Promise<VerifySession> {
  const known = verifiedTokens(scope).get(token);
  if (known !== undefined && isGood(known, scope, now)) return { ok: true, claims: known.claims };
  const verified = await verifyOwnToken(scope, SESSION_TOKEN, token, now, renewing ? LONGEST_SESSION_SECONDS : 0);
  if (!verified.ok) return verified;
  const { payload, kid } = verified;
  const claims = readClaims(payload);
  if (claims === null) return { ok: false, expired: false };
  if (!renewing) rememberToken(scope, token, { claims, kid, exp: payload.exp ?? 0 });
  return { ok: true, claims };
}

interface VerifiedToken {
  readonly claims: SessionClaims;
  readonly kid: string | undefined;
  /** UTC seconds. */
  readonly exp: number;
}

/** An agent shows the same token again and again: whatever its signature says once it says always. */
const knownTokens = new WeakMap<OwnTokenScope, Map<string, VerifiedToken>>();
const MOST_TOKENS = 2_000;

function verifiedTokens(scope: OwnTokenScope): Map<string, VerifiedToken> {
  const tokens = knownTokens.get(scope) ?? new Map<string, VerifiedToken>();
  knownTokens.set(scope, tokens);
  return tokens;
}

function rememberToken(scope: OwnTokenScope, token: string, what: VerifiedToken): void {
  const tokens = verifiedTokens(scope);
  if (tokens.size >= MOST_TOKENS) tokens.clear();
  tokens.set(token, what);
}

/** Its time and its key may have run out since. */
function isGood({ exp, kid }: VerifiedToken, scope: OwnTokenScope, now: number): boolean {
  return exp > Math.floor(now / 1000) && ownTokenKeys(scope, now).some((key) => key.kid === kid);
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
