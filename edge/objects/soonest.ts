/** When an alarm is to ring: the earliest of several times; null where there is none. */
export function soonest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
