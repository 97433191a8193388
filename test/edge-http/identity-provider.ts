/** An identity provider on this machine: discovery, keys and tokens, over real HTTP, as well-behaved as a test wants. */
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey, JWK, JWTHeaderParameters } from "jose";

export interface IdentityProvider {
  readonly issuer: string;
  /** The public key as the text that an attacker would use as an HMAC secret. */
  readonly publicPem: string;
  /** The public key in use. */
  readonly jwk: () => JWK;
  readonly sign: (
    claims: Readonly<Record<string, unknown>>,
    header?: Partial<JWTHeaderParameters>,
    key?: CryptoKey | Uint8Array,
  ) => Promise<string>;
  /** How often its keys were asked for. */
  readonly keyRequests: () => number;
  /** What the discovery document says. */
  readonly claimToBe: (issuer: string) => void;
  /** Signs with a new key from now on, and publishes it alone. */
  readonly rotate: (kid: string) => Promise<void>;
  /** Answers with this instead, to everything; null: as it should. */
  readonly answerWith: (answer: Answer | null) => void;
  /** Answers nothing until this is done. */
  readonly waitFor: (something: Promise<unknown>) => void;
  /** Publishes these keys beside its own. */
  readonly publish: (keys: readonly JWK[]) => void;
  readonly stop: () => Promise<void>;
}

export type Answer = (path: string, response: ServerResponse) => void;

export interface ProviderOptions {
  readonly algorithm?: string;
  /** Behind the host, such as `/TENANT/v2.0` or `/` for an issuer that ends in a slash. */
  readonly path?: string;
  /** What discovery says that it signs with; left out where it is undefined. */
  readonly stated?: readonly string[];
  readonly port?: number;
}

interface Signer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export async function startIdentityProvider(options: ProviderOptions = {}): Promise<IdentityProvider> {
  const { algorithm = "RS256", path = "", stated, port = 0 } = options;
  let signer = await newSigner(algorithm, "k1");
  const first = await exportSPKI(signer.publicKey);
  const base = path.replace(/\/$/, "");
  let [issuer, claimed, requests] = ["", "", 0];
  let answer: Answer | null = null;
  let others: readonly JWK[] = [];
  let waiting: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const url = request.url ?? "";
    if (url === `${base}/keys`) requests++;
    await waiting;
    if (answer !== null) return answer(url, response);
    response.setHeader("Content-Type", "application/json");
    if (url === `${base}/.well-known/openid-configuration`)
      return response.end(
        JSON.stringify({
          issuer: claimed,
          jwks_uri: `${origin(server)}${base}/keys`,
          id_token_signing_alg_values_supported: stated,
        }),
      );
    response.statusCode = url === `${base}/keys` ? 200 : 404;
    return response.end(JSON.stringify({ keys: [signer.jwk, ...others] }));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  issuer = `${origin(server)}${path}`;
  claimed = issuer;
  return {
    issuer,
    publicPem: first,
    jwk: () => signer.jwk,
    sign: (claims, header = {}, key = signer.privateKey) =>
      new SignJWT({ iss: issuer, ...claims })
        .setProtectedHeader({ alg: algorithm, kid: signer.kid, ...header })
        .sign(key),
    keyRequests: () => requests,
    claimToBe: (other) => {
      claimed = other;
    },
    rotate: async (kid) => {
      signer = await newSigner(algorithm, kid);
    },
    answerWith: (other) => {
      answer = other;
    },
    waitFor: (something) => {
      waiting = something;
    },
    publish: (keys) => {
      others = keys;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function newSigner(algorithm: string, kid: string): Promise<Signer> {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  return { ...pair, kid, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: algorithm, use: "sig" } };
}

function origin(server: ReturnType<typeof createServer>): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
}
