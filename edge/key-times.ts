/**
 * Keys of the edge that replace each other while it runs: what their secrets are called, and how long each is known
 * before it signs and kept after the next one does. The command that rotates them reads it too.
 */
export const KEY_TIMES = {
  /**
   * A new version of a Worker takes minutes to reach all places. Sessions live a day at most, and a token that has
   * expired still names its session when it is renewed.
   */
  session: { secret: "SESSION_TOKEN_KEY", known_before: 5 * 60, kept_after: 24 * 60 * 60 },
  /** Whoever verifies permits may keep `/.well-known/jwks.json` for an hour; permits live a minute, clocks differ by one. */
  permit: { secret: "PERMIT_KEY", known_before: 60 * 60, kept_after: 60 * 60 + 60 + 60 },
  /** Auditors keep checkpoints for good, so that every key that ever signed one stays published. */
  checkpoint: { secret: "CHECKPOINT_KEY", known_before: 60 * 60, kept_after: Infinity },
} as const satisfies { readonly [kind: string]: KeyTimes };

export type KeyKind = keyof typeof KEY_TIMES;

interface KeyTimes {
  /** Name of the first key's secret; a later one has `_` and the second (UTC) from which it signs behind it. */
  readonly secret: string;
  /** Seconds. */
  readonly known_before: number;
  readonly kept_after: number;
}

/** The second (UTC) from which the key signs that a secret of this name holds; null for the name of anything else. */
export function keyTime(kind: KeyKind, name: string): number | null {
  const { secret } = KEY_TIMES[kind];
  if (name === secret) return 0;
  const digits = name.startsWith(`${secret}_`) ? name.slice(secret.length + 1) : "";
  return /^[1-9]\d{0,11}$/.test(digits) ? Number(digits) : null;
}
