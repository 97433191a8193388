/**
 * A time zone as a list of offsets, so that the engine needs no time-zone data. Nothing is known before 2020 and from
 * 2050 on; rules of zones change, so a policy is compiled again before that matters.
 */
import { Temporal } from "temporal-polyfill";

const KNOWN_FROM = Date.UTC(2020, 0, 1);
export const KNOWN_UNTIL = Date.UTC(2050, 0, 1);
const MINUTE = 60_000;

const cache = new Map<string, readonly (readonly [number, number])[] | null>();

/** [from UTC ms, minutes east], ascending; null where the zone isn't known. Its name is matched with its case. */
export function zoneOffsets(zone: string): readonly (readonly [number, number])[] | null {
  const known = cache.get(zone);
  if (known !== undefined) return known;
  const offsets = isZone(zone) ? findOffsets(zone) : null;
  cache.set(zone, offsets);
  return offsets;
}

/** Names of time zones, for suggestions. */
export function zoneNames(): readonly string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone")];
}

/** A plain offset such as `+01:00` is refused: it can't be what a schedule with summer time means. */
function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(zone)) return false;
  if (zone === "UTC") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "" && hasZoneCase(zone);
  } catch {
    return false;
  }
}

/** `europe/berlin` works on some platforms; one spelling keeps the table the same everywhere. */
function hasZoneCase(zone: string): boolean {
  const lower = zone.toLowerCase();
  const listed = zoneNames().find((name) => name.toLowerCase() === lower);
  return listed === undefined || listed === zone;
}

function findOffsets(zone: string): readonly (readonly [number, number])[] {
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(KNOWN_FROM).toZonedDateTimeISO(zone);
  const offsets: [number, number][] = [];
  while (at !== null && at.epochMilliseconds < KNOWN_UNTIL) {
    const minutes = Math.round(at.offsetNanoseconds / (MINUTE * 1_000_000));
    if (offsets.at(-1)?.[1] !== minutes) offsets.push([at.epochMilliseconds, minutes]);
    at = at.getTimeZoneTransition("next");
  }
  return offsets;
}
