/**
 * For the service that executes an action: checks offline that the edge allowed it, for the arguments that are about
 * to be executed, and for the first time. Enforcement then doesn't rest on the agent's honesty.
 */
import { createLocalJWKSet, errors, importJWK, jwtVerify } from "jose";
import type { CryptoKey, JSONWebKeySet, JWK, JWTVerifyGetKey } from "jose";
import { canonicalJson, sha256Hex } from "./canonical.ts";
import { freezeArgs } from "./freeze-args.ts";
import { PermitError } from "./permit-error.ts";
import { remoteKeys } from "./remote-keys.ts";

export type { JSONWebKeySet } from "jose";
export { PermitError } from "./permit-error.ts";
export type { PermitProblem } from "./permit-error.ts";
export { redeemedAt } from "./redeem.ts";

export interface PermitClaims {
  readonly iss: string;
  readonly aud: string;
  /** The agent. */
  readonly sub: string;
  /** Session, action, resources. */
  readonly sid: string;
  readonly act: string;
  readonly res: readonly string[];
  readonly args_sha256: string;
  /** Decision id. */
  readonly dec: string;
  readonly jti: string;
  readonly policy: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

/**
 * Remembers a permit's id and says whether it was there before, in one step: a look-up followed by an insert lets two
 * calls through. `expires` (seconds since 1970) is when the id may be forgotten. A rejection refuses the permit.
 */
export type Seen = (jti: string, expires: number) => boolean | PromiseLike<boolean>;

export interface VerifyOptions {
  /** The arguments that are about to be executed, not those that came with the permit. */
  readonly args: object;
  /** A function, or a `Set` for a service of one process (then nothing is ever forgotten). */
  readonly seen: Seen | Set<string>;
  /**
   * The edge's keys: the address of its `/.well-known/jwks.json`, which is then fetched, kept for an hour, and fetched
   * again for an unknown `kid`, at most every 30 s; or what stands there. Give exactly one of `jwks` and `key`.
   */
  readonly jwks?: JSONWebKeySet | string | URL;
  readonly key?: CryptoKey | JWK;
  /** The edge's origin. */
  readonly issuer: string;
  /** Policy and environment, as `GET /v1/policy` states it. */
  readonly audience: string;
  /** The action that is about to be executed, or those that this service executes. */
  readonly action: string | readonly string[];
  /** UTC milliseconds; the clock unless given. */
  readonly now?: number;
}

/**
 * Returns the claims of a permit that is good for these arguments now; otherwise throws a `PermitError`, or a
 * TypeError for options that can't work. `seen` is asked last, so that a permit that fails here isn't used up.
 */
export async function verify(permit: string, options: VerifyOptions): Promise<PermitClaims> {
  requireOptions(options);
  const remember = readSeen(options.seen);
  const key = await readKeys(options);
  const args = freezeArgs(options.args);
  const claims = await verifySignature(permit, key, options);
  const actions = typeof options.action === "string" ? [options.action] : options.action;
  if (!actions.includes(claims.act)) {
    throw new PermitError("wrong_action", `the permit is for \`${claims.act}\`, not for what is about to be executed`);
  }
  if (claims.args_sha256 !== (await sha256Hex(canonicalJson(args)))) {
    throw new PermitError("wrong_arguments", "the permit is for other arguments than those about to be executed");
  }
  // Whatever isn't a plain `false` refuses: a `seen` in plain JavaScript that returns nothing must not let all pass.
  let before: unknown;
  try {
    before = await remember(claims.jti, claims.exp);
  } catch (cause) {
    if (cause instanceof PermitError) throw cause;
    throw new PermitError("seen_failed", "whether the permit was used before can't be told", { cause });
  }
  if (before !== false) throw new PermitError("already_used", "the permit was used before");
  return claims;
}

/** In plain JavaScript anything may be missing; what is left out must not be what isn't checked. */
function requireOptions(options: VerifyOptions): void {
  const { args, seen, jwks, key, issuer, audience, action, now } = options;
  const filled = (value: unknown): boolean => typeof value === "string" && value !== "";
  const wrong = [
    typeof args === "object" && args !== null ? [] : "`args`: the arguments that are about to be executed",
    typeof seen === "function" || seen instanceof Set
      ? []
      : "`seen`: a permit is good once, and only the service that executes can tell",
    (jwks === undefined) === (key === undefined) ? "`jwks`, the edge's keys, or one of them as `key`" : [],
    filled(issuer) ? [] : "`issuer`: the edge's origin",
    filled(audience) ? [] : "`audience`: policy and environment, such as `acme/production`",
    filled(action) || (Array.isArray(action) && action.every(filled)) ? [] : "`action`: what is about to be executed",
    // Nothing is later than no time: a clock that fails would make every permit a fresh one.
    now === undefined || Number.isFinite(now) ? [] : "`now` in UTC milliseconds",
  ].flat();
  if (wrong.length > 0) throw new TypeError(`\`verify\` needs ${wrong.join("; ")}`);
}

function readSeen(seen: Seen | Set<string>): Seen {
  if (typeof seen === "function") return seen;
  return (jti) => {
    const before = seen.has(jti);
    seen.add(jti);
    return before;
  };
}

type Keys = CryptoKey | JWTVerifyGetKey;

async function readKeys(options: VerifyOptions): Promise<Keys> {
  const { jwks } = options;
  if (typeof jwks === "string" || jwks instanceof URL) return remoteKeys(jwks);
  if (jwks !== undefined) return createLocalJWKSet(jwks);
  const key = options.key as CryptoKey | JWK;
  if (!isJwk(key)) return key;
  return (await importJWK(key, "EdDSA")) as CryptoKey;
}

async function verifySignature(permit: string, keys: Keys, options: VerifyOptions): Promise<PermitClaims> {
  try {
    const check = {
      algorithms: ["EdDSA", "Ed25519"],
      typ: "agentpolicy-permit+jwt",
      issuer: options.issuer,
      audience: options.audience,
      requiredClaims: ["iss", "aud", "sub", "sid", "act", "args_sha256", "jti", "iat", "exp"],
      clockTolerance: 0,
      ...(options.now === undefined ? {} : { currentDate: new Date(options.now) }),
    };
    const { payload } =
      typeof keys === "function" ? await jwtVerify(permit, keys, check) : await jwtVerify(permit, keys, check);
    for (const name of ["sid", "act", "args_sha256", "jti", "sub"]) {
      if (typeof payload[name] !== "string") throw new PermitError("malformed", `the permit's \`${name}\` isn't text`);
    }
    if (typeof payload.aud !== "string") throw new PermitError("wrong_audience", "the permit names several audiences");
    return payload as unknown as PermitClaims;
  } catch (error) {
    throw problemOf(error);
  }
}

function problemOf(error: unknown): PermitError {
  const cause = { cause: error };
  if (error instanceof PermitError) return error;
  if (error instanceof errors.JWTExpired) return new PermitError("expired", "the permit has expired", cause);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "iss") return new PermitError("wrong_issuer", "the permit is from another edge", cause);
    if (error.claim === "aud") return new PermitError("wrong_audience", "the permit is for another policy", cause);
    if (error.claim === "nbf" || error.claim === "iat") {
      return new PermitError("not_yet_valid", "the permit isn't valid yet", cause);
    }
    return new PermitError("malformed", "the permit lacks a claim", cause);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return new PermitError("bad_signature", "the permit isn't signed by this edge", cause);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return new PermitError("bad_signature", "the permit isn't signed with Ed25519", cause);
  }
  return new PermitError("malformed", "this isn't a permit", cause);
}

function isJwk(key: CryptoKey | JWK): key is JWK {
  return "kty" in key;
}
