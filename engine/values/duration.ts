/** Durations as the language writes them: `10s`, `30m`, `4h`, `90d`. */

/** The longest first. */
const MILLISECONDS: { readonly [unit: string]: number } = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };
const DURATION = /^(0|[1-9][0-9]{0,8})([smhd])$/;

/** Whole milliseconds; null where the text is no duration. */
export function parseDuration(text: string): number | null {
  const found = DURATION.exec(text);
  if (found === null) return null;
  return Number(found[1]) * (MILLISECONDS[found[2] ?? ""] ?? 0);
}

/** Of milliseconds, in the longest unit that is exact; `1500ms` for what the language can't write. */
export function durationText(milliseconds: number): string {
  const unit = Object.entries(MILLISECONDS).find(([, size]) => milliseconds % size === 0);
  return unit === undefined ? `${milliseconds}ms` : `${milliseconds / unit[1]}${unit[0]}`;
}
