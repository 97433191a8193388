/**
 * A client's own assertion (RFC 7523, section 3): a short-lived JWT that an agent or gateway signed itself with the
 * Ed25519 key whose public half stands in the policy. Issuer and subject are its name, the audience is this edge's
 * origin, and its `jti` is good for one use, which the client's object keeps.
 */
import { decodeJwt, decodeProtectedHeader, errors, importJWK, jwtVerify } from "jose";
import type { JWTPayload, ProtectedHeaderParameters } from "jose";
import { sha256Base64url } from "../digest.ts";
import { AGENT_ASSERTION_TYPE, FOREIGN_KEY_HEADERS, plainType } from "../token-type.ts";
import { identitiesOf, nameOf, refused } from "./verified-client.ts";
import type { Client, VerifyClient } from "./verified-client.ts";

/** Seconds. */
const LONGEST_LIFE = 5 * 60;
const SKEW = 60;

/**
 * @param origins The audiences that mean this edge.
 * @param now UTC milliseconds.
 */
export async function verifyAssertion(
  token: string,
  clientsOf: (name: string) => readonly Client[],
  origins: readonly string[],
  now: number,
): Promise<VerifyClient> {
  const claimed = readUnverified(token);
  if (claimed === null) return refused("the agent's assertion is not a JWT");
  const fault = headerFault(claimed.header);
  if (fault !== null) return refused(fault);
  const named = typeof claimed.payload.iss === "string" ? clientsOf(claimed.payload.iss) : [];
  const signed = await signerAmong(named, token, claimed.header.kid);
  if (signed === null) return refused(NOT_SIGNED);
  const { client, payload } = signed;
  const problem = claimsFault(payload, nameOf(client), origins, now / 1000);
  if (problem !== null) return refused(problem);
  const expires = ((payload.exp as number) + SKEW) * 1000;
  return { ok: true, client, credential: { key: `${client.kind}:${sha256Base64url(String(payload.jti))}`, expires } };
}

/** One message for an unknown name and a wrong key: who the agents are is nobody's to try out. */
const NOT_SIGNED = "the assertion isn't signed by a key of the agent that it names";

function readUnverified(token: string): { header: ProtectedHeaderParameters; payload: JWTPayload } | null {
  try {
    return { header: decodeProtectedHeader(token), payload: decodeJwt(token) };
  } catch {
    // Whatever doesn't decode is no JWT; why it doesn't is of no use to the caller.
    return null;
  }
}

/** A key that the token brings along proves nothing, so a header that points to one is refused rather than ignored. */
function headerFault(header: ProtectedHeaderParameters): string | null {
  if (header.alg !== "EdDSA" && header.alg !== "Ed25519") return "the assertion must be signed with `EdDSA`";
  const typ = header.typ === undefined ? undefined : plainType(header.typ);
  if (typ !== undefined && typ !== "jwt" && typ !== AGENT_ASSERTION_TYPE)
    return `the assertion's \`typ\` must be \`${AGENT_ASSERTION_TYPE}\``;
  const foreign = [...FOREIGN_KEY_HEADERS, "x5t", "x5t#S256"].find((name) => name in header);
  return foreign === undefined ? null : `the assertion's header may not hold \`${foreign}\``;
}

interface Signed {
  readonly client: Client;
  readonly payload: JWTPayload;
}

/** No two clients share a key, so that at most one of them can have signed. */
async function signerAmong(clients: readonly Client[], token: string, kid: string | undefined): Promise<Signed | null> {
  for (const client of clients) {
    const payload = await verifyWithIdentities(token, client, kid);
    if (payload !== null) return { client, payload };
  }
  return null;
}

async function verifyWithIdentities(
  token: string,
  client: Client,
  kid: string | undefined,
): Promise<JWTPayload | null> {
  for (const identity of identitiesOf(client)) {
    if (identity.kind !== "key") continue;
    const x = identity.public_key;
    if (kid !== undefined && kid !== x && kid !== thumbprint(x)) continue;
    const payload = await verifyWithKey(token, x);
    if (payload !== null) return payload;
  }
  return null;
}

/** RFC 7638, which fixes the members and their order. */
function thumbprint(x: string): string {
  return sha256Base64url(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
}

async function verifyWithKey(token: string, x: string): Promise<JWTPayload | null> {
  try {
    const key = await importJWK({ kty: "OKP", crv: "Ed25519", x }, "EdDSA");
    // Times are judged below, with one skew for all of them and the edge's own clock.
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["EdDSA", "Ed25519"],
      currentDate: new Date(0),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

/** @param now UTC seconds. */
function claimsFault(claims: JWTPayload, name: string, origins: readonly string[], now: number): string | null {
  const { iss, sub, aud, iat, exp, nbf, jti } = claims;
  if (iss !== name || sub !== name) return "`iss` and `sub` of the assertion must both be the name of who signs it";
  if (typeof aud !== "string" || !origins.includes(aud))
    return `\`aud\` of the assertion must be \`${origins[0] ?? ""}\``;
  if (typeof iat !== "number" || typeof exp !== "number") return "the assertion needs `iat` and `exp`";
  if (exp - iat > LONGEST_LIFE || exp <= iat) return "the assertion may live at most 5 minutes from its `iat`";
  if (iat > now + SKEW || (nbf ?? iat) > now + SKEW)
    return "the assertion is not valid yet; check this machine's clock";
  if (exp + SKEW <= now) return "the assertion has expired; sign a new one for each call";
  if (typeof jti !== "string" || jti.length < 1 || jti.length > 256) return "the assertion needs a `jti` of its own";
  return null;
}
