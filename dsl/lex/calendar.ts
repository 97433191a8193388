/** Dates, times, durations as text: whether they exist. No clock and no zone here. */

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `10s`, `30m`, `4h`, `90d`; not safe to compute with when it is too long for a policy (see `isDuration`). */
export function durationOf(text: string): number {
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? Number.NaN);
}

/** The duration in the largest unit that it is whole in. */
export function spellDuration(milliseconds: number): string {
  const [unit, size] = Object.entries(units).findLast(([, length]) => milliseconds % length === 0) ?? ["s", 1_000];
  return `${milliseconds / size}${unit}`;
}

/** Whether the milliseconds are exact. */
export function isDuration(text: string): boolean {
  return Number.isSafeInteger(durationOf(text));
}

/** `2027-02-30` isn't. */
export function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  return year >= 1 && day >= 1 && day <= daysIn(year, month);
}

/** The last day of the month of `2027-02-30`; null where there is no such month. */
export function lastDayOf(text: string): string | null {
  const [year = 0, month = 0] = text.split("-").map(Number);
  const days = year >= 1 ? daysIn(year, month) : 0;
  return days === 0 ? null : `${text.slice(0, -2)}${days}`;
}

/** Zero where there is no such month. */
function daysIn(year: number, month: number): number {
  return [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** RFC 3339 section 5.6, with the offset that a `local` time lacks, and without leap seconds, which no clock here counts. */
export function isTime(text: string): boolean {
  const parts = /^(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[Zz]|[+-](\d\d):(\d\d))$/.exec(text);
  if (parts === null) return false;
  const [, date = "", hour, minute, second, zoneHour = "0", zoneMinute = "0"] = parts;
  return (
    isDate(date) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60 &&
    Number(zoneHour) < 24 &&
    Number(zoneMinute) < 60
  );
}

/** Minutes after midnight of `09:00`, 0 to 1,440; null for a time that no day has. */
export function minutesOf(clock: string): number | null {
  const [hours = 99, minutes = 99] = clock.split(":").map(Number);
  const total = hours * 60 + minutes;
  return minutes < 60 && total <= 1_440 ? total : null;
}
