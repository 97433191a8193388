/** One request as the engine sees it: what the agent says, and what the edge vouches for. */

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | InexactNumber
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type JsonObject = { readonly [key: string]: JsonValue };

/**
 * A JSON number whose text can't be taken for an exact number: an exponent, more than 15 significant digits, or `-0`.
 * The reader of the request keeps the text; every type but `json` refuses it.
 */
export class InexactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export interface Request {
  /** From the verified credential. */
  readonly agent: string;
  readonly session: string;
  readonly environment: string;
  /** The agents above it in a delegation, the root first; absent or empty for a root session. */
  readonly callers?: readonly string[];
  /** Absent where the session carries no verified human. */
  readonly requester?: Requester;
  readonly action: string;
  readonly args: JsonObject;
  /** What the agent says that it acts on; compared with the computed resources. */
  readonly resources?: readonly string[];
  /** Hash of the tool as its server describes it now, 64 hex digits; absent where nobody has looked. */
  readonly tool_sha256?: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** Absent where the platform doesn't tell. */
  readonly ip?: string;
  readonly country?: string;
  /** The agent's own word, 0 to 1. */
  readonly confidence?: number;
  /** SHA-256 of each canary in the policy is compared through this; absent, `canaries` is unknown. */
  readonly sha256?: (text: string) => string;
}

export interface Requester {
  /** The lower-cased verified address, or the subject where there is none. */
  readonly id: string;
  /** Lower-cased verified address; absent where the provider gives none. */
  readonly email?: string;
  /** Claims that the policy's groups name; a list or one value. */
  readonly claims: { readonly [name: string]: string | readonly string[] };
}
