/** Durations as the language writes them: `10s`, `30m`, `4h`, `90d`. */

const MILLISECONDS: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(0|[1-9][0-9]{0,8})([smhd])$/;

/** Whole milliseconds; null where the text is no duration. */
export function parseDuration(text: string): number | null {
  const found = DURATION.exec(text);
  if (found === null) return null;
  return Number(found[1]) * (MILLISECONDS[found[2] ?? ""] ?? 0);
}
