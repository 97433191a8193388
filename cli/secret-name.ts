/** The names of the secrets that hold the keys of one kind, and the seconds that stand in them. */
import { KEY_TIMES } from "../edge/key-times.ts";
import type { KeyKind } from "../edge/key-times.ts";

/** @param from UTC second from which it signs; 0 for the first key. */
export function secretName(kind: KeyKind, from: number): string {
  const { secret } = KEY_TIMES[kind];
  return from === 0 ? secret : `${secret}_${from}`;
}

/** Null for the name of anything else. */
export function keyTime(kind: KeyKind, name: string): number | null {
  const { secret } = KEY_TIMES[kind];
  if (name === secret) return 0;
  const digits = name.startsWith(`${secret}_`) ? name.slice(secret.length + 1) : "";
  return /^[1-9]\d{0,11}$/.test(digits) ? Number(digits) : null;
}
