/** The name of the secret that holds a key; `keyTime` of the edge reads it. */
import { KEY_TIMES } from "../edge/key-times.ts";
import type { KeyKind } from "../edge/key-times.ts";

/** @param from UTC second from which it signs; 0 for the first key. */
export function secretName(kind: KeyKind, from: number): string {
  const { secret } = KEY_TIMES[kind];
  return from === 0 ? secret : `${secret}_${from}`;
}
