/** A token that is renewed before it ends. */
import { Unauthenticated } from "./errors.ts";

/** A token is renewed when less than this is left of it. */
const RENEW_BEFORE = 60_000;

export interface HeldToken {
  /** Good for a call now, as far as this machine's clock knows. */
  fresh(): Promise<string>;
  /** Another one than `used`, which the edge refused. */
  after(used: string): Promise<string>;
}

export interface GivenToken {
  readonly token: string;
  readonly token_expires_at: string;
}

interface Held {
  readonly token: string;
  readonly renewAt: number;
}

/**
 * Many calls at once share one renewal; what failed is asked for again by the next call.
 * @param given null: the first call asks for one
 */
export function holdToken(given: GivenToken | null, renew: () => Promise<GivenToken>): HeldToken {
  let held = given === null ? null : hold(given);
  let renewal: Promise<string> | null = null;
  const renewed = (): Promise<string> => {
    renewal ??= renew()
      .then((fresh) => {
        held = hold(fresh);
        return fresh.token;
      })
      .finally(() => {
        renewal = null;
      });
    return renewal;
  };
  return {
    fresh: async () => (held !== null && Date.now() < held.renewAt ? held.token : renewed()),
    after: async (used) => (held !== null && held.token !== used ? held.token : renewed()),
  };
}

function hold({ token, token_expires_at: end }: GivenToken): Held {
  return { token, renewAt: Date.parse(end) - RENEW_BEFORE };
}

/** One call, and where the edge refuses the token one more with another. */
export async function withToken<T>(held: HeldToken, call: (token: string) => Promise<T>): Promise<T> {
  const used = await held.fresh();
  try {
    return await call(used);
  } catch (error) {
    if (!(error instanceof Unauthenticated)) throw error;
    // This machine's clock may be slow, so that the token ended unnoticed. One fresh token, then a no stands.
    return call(await held.after(used));
  }
}

export function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}
