/** How an agent or gateway proves who it is: with its own key, its identity provider's token, or the connection itself. */
import { readKey, requireKey, signAssertion } from "./key.ts";
import type { AgentKey } from "./key.ts";

/**
 * Gives a credential for one call: the token that the identity provider issued for the edge's origin. Called anew for
 * each opening and renewal, and a token is good once, so that it gives a new one each time. `null` where the
 * connection proves it, by the client certificate that the given `fetch` shows.
 */
export type GiveCredential = () => string | null | PromiseLike<string | null>;

export interface CredentialOptions {
  /** The private key: the text that `agentpolicy keys new` or `init` wrote, not the name of the file. */
  readonly key?: AgentKey;
  /** Instead of a key. */
  readonly credential?: GiveCredential;
}

export type Credential = () => Promise<string | null>;

/** @param name of who proves itself. Throws a TypeError unless exactly one of the two is given. */
export function credentialOf(name: string, { key, credential }: CredentialOptions, origin: string): Credential {
  if (credential === undefined) return signer(name, key, origin);
  if (key !== undefined) throw new TypeError("give `key` or `credential`, not both");
  if (typeof credential !== "function") throw new TypeError("`credential` must be a function that gives a token");
  return async () => {
    const given = await credential();
    // Nothing is sent as a credential by mistake: an environment variable that isn't set is no certificate.
    if (given === null || (typeof given === "string" && given !== "")) return given;
    throw new TypeError("`credential` gave neither a token nor `null`");
  };
}

function signer(name: string, key: AgentKey | undefined, origin: string): Credential {
  requireKey(name, key);
  const read = readKey(key as AgentKey);
  // Whoever opens a session gets the error; without this a bad key would end the process before that.
  read.catch(() => undefined);
  return async () => signAssertion(name, await read, origin);
}

/** As a header; none where the connection proves it. */
export function shown(credential: string | null): Readonly<Record<string, string>> {
  return credential === null ? {} : { authorization: `Bearer ${credential}` };
}
