/** Instants as RFC 3339 texts, with at most milliseconds: what is finer couldn't be compared exactly. */

const TIMESTAMP =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,3}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))$/;

/** UTC milliseconds; null where the text is no RFC 3339 time, names a day that isn't, or a leap second. */
export function parseTimestamp(text: string): number | null {
  const found = TIMESTAMP.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const offset = offsetMinutes(found[8], Number(found[9] ?? 0), Number(found[10] ?? 0));
  if (offset === null) return null;
  const millisecond = Number((found[7] ?? "").padEnd(3, "0"));
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond) - offset * 60_000;
}

function offsetMinutes(sign: string | undefined, hours: number, minutes: number): number | null {
  if (hours > 23 || minutes > 59) return null;
  return (sign === "-" ? -1 : 1) * (hours * 60 + minutes);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
