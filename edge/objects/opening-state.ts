/** A session that is about to open, as the engine reads it: it has done nothing, and nobody can have approved anything. */
import type { State } from "../../engine/index.ts";

export function openingState(starts_with: readonly string[], now: number, used: State["used"]): State {
  return {
    now,
    opened_at: now,
    calls: 0,
    labels: new Set(starts_with),
    roles: new Set(),
    did: () => false,
    live: () => null,
    used,
    approved: () => false,
  };
}
