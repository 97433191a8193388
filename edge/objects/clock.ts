/** A clock that never runs backwards: windows, deadlines and records rest on it. */
export interface Clock {
  /** UTC milliseconds. */
  now(): number;
}

/** `last` is the latest time that was written down before a restart. */
export function createClock(last: number): Clock {
  let latest = last;
  return {
    now() {
      latest = Math.max(latest, Date.now());
      return latest;
    },
  };
}
