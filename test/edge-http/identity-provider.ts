/** An identity provider on this machine: discovery, keys and tokens, over real HTTP. */
import { createServer } from "node:http";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey, JWTHeaderParameters } from "jose";

export interface IdentityProvider {
  readonly issuer: string;
  /** The public key as the text that an attacker would use as an HMAC secret. */
  readonly publicPem: string;
  readonly sign: (
    claims: Readonly<Record<string, unknown>>,
    header?: Partial<JWTHeaderParameters>,
    key?: CryptoKey | Uint8Array,
  ) => Promise<string>;
  /** How often its keys were asked for. */
  readonly keyRequests: () => number;
  /** What the discovery document says. */
  readonly claimToBe: (issuer: string) => void;
  readonly stop: () => Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const pair = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  let issuer = "";
  let claimed = "";
  let requests = 0;
  const server = createServer((request, response) => {
    response.setHeader("Content-Type", "application/json");
    if (request.url === "/.well-known/openid-configuration")
      return response.end(JSON.stringify({ issuer: claimed, jwks_uri: `${issuer}/keys` }));
    requests++;
    return response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  claimed = issuer;
  return {
    issuer,
    publicPem: await exportSPKI(pair.publicKey),
    sign: (claims, header = {}, key = pair.privateKey) =>
      new SignJWT({ iss: issuer, ...claims }).setProtectedHeader({ alg: "RS256", kid: "k1", ...header }).sign(key),
    keyRequests: () => requests,
    claimToBe: (other) => {
      claimed = other;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
