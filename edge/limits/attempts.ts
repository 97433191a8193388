/** The price of asking: how fast and how often one session may ask at all. No I/O, no clock. */

export interface FloodSettings {
  /** Requests that are taken within any one second. */
  readonly per_second: number;
  /** Requests that are taken in all. */
  readonly total: number;
}

export const FLOOD: FloodSettings = { per_second: 20, total: 20_000 };
/** That many times beyond what is taken freezes the session. */
const FREEZES_AT = 10;
const SECOND = 1_000;

export interface Attempts {
  /** All that were ever made, taken or not. */
  readonly total: number;
  /** Times of those taken within the last second, ascending. */
  readonly taken: readonly number[];
  /** When the second began in which refusals are counted, and how many requests it saw. */
  readonly second: number;
  readonly in_second: number;
}

export type AttemptOutcome =
  | { readonly kind: "taken" }
  | { readonly kind: "flood"; readonly retry_after: number }
  | { readonly kind: "freeze" };

export function startAttempts(total: number): Attempts {
  return { total, taken: [], second: 0, in_second: 0 };
}

/** One more request at `now`. */
export function attempt(
  before: Attempts,
  settings: FloodSettings,
  now: number,
): { attempts: Attempts; outcome: AttemptOutcome } {
  const fresh = now - before.second >= SECOND;
  const counted = {
    total: before.total + 1,
    taken: before.taken.filter((at) => now - at < SECOND),
    second: fresh ? now : before.second,
    in_second: fresh ? 1 : before.in_second + 1,
  };
  const outcome = judge(counted, settings, now);
  const taken = outcome.kind === "taken" ? [...counted.taken, now] : counted.taken;
  return { attempts: { ...counted, taken }, outcome };
}

function judge(counted: Attempts, settings: FloodSettings, now: number): AttemptOutcome {
  if (counted.in_second > settings.per_second * FREEZES_AT || counted.total > settings.total * FREEZES_AT)
    return { kind: "freeze" };
  // Nothing but a new session helps once the total is used up: an hour keeps honest clients from hammering.
  if (counted.total > settings.total) return { kind: "flood", retry_after: 3_600 };
  if (counted.taken.length < settings.per_second) return { kind: "taken" };
  const oldest = counted.taken[0] ?? now;
  return { kind: "flood", retry_after: Math.max(1, Math.ceil((oldest + SECOND - now) / SECOND)) };
}
