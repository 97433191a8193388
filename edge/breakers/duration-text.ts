/** Milliseconds as the language writes them: `90d`, `1h`, `30m`; whole seconds are the finest that it has. */
export function durationText(milliseconds: number): string {
  const unit = UNITS.find(([, size]) => milliseconds % size === 0);
  return unit === undefined ? `${milliseconds}ms` : `${milliseconds / unit[1]}${unit[0]}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
];
