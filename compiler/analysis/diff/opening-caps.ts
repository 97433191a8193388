/** Limits on `session.open` against what holds where a policy has none: 10 open sessions and 60 opened an hour. */
import type { Limit, Table } from "../../../engine/index.ts";
import type { Direction } from "./policy-diff.ts";
import { isAboutOpenings } from "./reach-changes.ts";

const OPEN_AT_ONCE = 10;
const OPENED_AN_HOUR = 60;
const HOUR = 3_600_000;
const CAPS = `the ${OPEN_AT_ONCE} open sessions and ${OPENED_AN_HOUR} an hour that hold without such a limit`;

interface OpeningChange {
  readonly direction: Direction;
  readonly what: string;
  readonly change: string;
}

/** Null where it isn't the first: looser unless one of those that come admits no more than the caps in its place. */
export function firstOpeningLimit(
  limit: Limit,
  come: readonly Limit[],
  { body }: Table,
  hadNone: boolean,
): OpeningChange | null {
  if (!hadNone || !isAboutOpenings(limit)) return null;
  const { lifetime } = body.settings.session;
  const held = (most: number, time: number): boolean =>
    come.some((one) => isPlain(one) && isAboutOpenings(one) && admitted(one, time) <= most);
  const strict = held(OPEN_AT_ONCE, lifetime) && held(OPENED_AN_HOUR, HOUR);
  return {
    direction: strict ? "stricter" : "looser",
    what: `\`${limit.text}\``,
    change: `is new, in place of ${CAPS}`,
  };
}

/** Null where another stays: looser where the caps admit what it didn't. */
export function lastOpeningLimit(limit: Limit, hasNone: boolean): OpeningChange | null {
  if (!hasNone || !isAboutOpenings(limit)) return null;
  const capped = OPENED_AN_HOUR * Math.ceil((limit.window ?? 0) / HOUR);
  return {
    direction: capped <= Number(limit.n) ? "stricter" : "looser",
    what: `\`${limit.text}\``,
    change: `is gone, and in its place are ${CAPS}`,
  };
}

/** Does it hold back every opening of each agent? */
function isPlain({ when, keys, per }: Limit): boolean {
  return when === null && keys.length === 0 && per !== "requester";
}

/** How many it admits at most in any stretch of so many milliseconds. */
function admitted({ n, window }: Limit, time: number): number {
  return window === null ? Number.POSITIVE_INFINITY : Number(n) * Math.ceil(time / window);
}
