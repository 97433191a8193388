/**
 * The keys of issuers, as this isolate keeps them. Fresh for 10 minutes; used for up to an hour while they are fetched
 * again behind the answer; older ones only when the issuer doesn't answer, for a day at most. An unknown key id fetches
 * once, at most every 30 seconds an issuer, so that nobody can make this edge hammer it.
 */
import { errors } from "jose";
import type { JWTVerifyGetKey } from "jose";
import { fetchIssuer } from "./fetch-issuer.ts";
import { IssuerUnreachable } from "./oidc-token.ts";
import type { IssuerKeys } from "./oidc-token.ts";

/** Milliseconds. */
const FRESH = 10 * 60 * 1000;
const WHILE_FETCHING = 60 * 60 * 1000;
const WITHOUT_ANSWER = 24 * 60 * 60 * 1000;
const COOL_DOWN = 30 * 1000;
/** After a failed fetch. */
const PAUSE = 5 * 1000;
/**
 * Requests of one isolate can't wait for each other's fetches, so several may run at a time: up to so many in ten
 * seconds where nobody can be let in without keys, and a few for key ids that anybody can make up.
 */
const BURST = { within: 10 * 1000, without_keys: 100, for_unknown: 8 } as const;

/** When it is, and how to finish something after the answer has left. */
export interface Moment {
  /** UTC milliseconds. */
  readonly now: number;
  readonly later: (work: Promise<void>) => void;
}

interface Kept {
  keys: (IssuerKeys & { readonly at: number }) | null;
  failed: number;
  /** When fetches were begun, as far as that still counts. */
  begun: readonly number[];
}

/** Issuers come from the policy, so there are few. */
const known = new Map<string, Kept>();

/**
 * @param local See `fetchIssuer`.
 * @throws IssuerUnreachable
 */
export async function issuerKeys(issuer: string, local: boolean, moment: Moment): Promise<IssuerKeys> {
  const kept = known.get(issuer) ?? { keys: null, failed: Number.NEGATIVE_INFINITY, begun: [] };
  known.set(issuer, kept);
  const fetchAgain = (most: number): Promise<void> => refresh(issuer, kept, { local, now: moment.now, most });
  const { algorithms } = await usableKeys(kept, fetchAgain, moment);
  return { algorithms, key: (header, token) => findKey(kept, fetchAgain, moment.now, header, token) };
}

/** @param most How many fetches may have been begun lately. */
type FetchAgain = (most: number) => Promise<void>;

async function usableKeys(kept: Kept, fetchAgain: FetchAgain, { now, later }: Moment): Promise<IssuerKeys> {
  const age = kept.keys === null ? Number.POSITIVE_INFINITY : now - kept.keys.at;
  const fetched = (): Promise<void> => fetchAgain(BURST.without_keys);
  if (age >= WHILE_FETCHING) await (age >= WITHOUT_ANSWER ? fetched() : unlessUnreachable(fetched()));
  else if (age >= FRESH && !isFetching(kept, now)) later(unlessUnreachable(fetched()));
  return present(kept);
}

function isFetching({ begun }: Kept, now: number): boolean {
  return begun.some((at) => now - at < BURST.within);
}

function present({ keys }: Kept): IssuerKeys {
  if (keys === null) throw new IssuerUnreachable();
  return keys;
}

async function findKey(
  kept: Kept,
  fetchAgain: FetchAgain,
  now: number,
  ...[header, token]: Parameters<JWTVerifyGetKey>
): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
  try {
    return await present(kept).key(header, token);
  } catch (error) {
    const fetched = kept.keys?.at ?? now;
    if (!(error instanceof errors.JWKSNoMatchingKey) || now - fetched < COOL_DOWN) throw error;
    await fetchAgain(BURST.for_unknown);
    return present(kept).key(header, token);
  }
}

interface Fetching {
  readonly local: boolean;
  readonly now: number;
  readonly most: number;
}

async function refresh(issuer: string, kept: Kept, { local, now, most }: Fetching): Promise<void> {
  const begun = kept.begun.filter((at) => now - at < BURST.within);
  if (now - kept.failed < PAUSE || begun.length >= most) throw new IssuerUnreachable();
  kept.begun = [...begun, now];
  try {
    const keys = await fetchIssuer(issuer, local);
    if (kept.keys === null || kept.keys.at <= now) kept.keys = { ...keys, at: now };
  } catch (error) {
    kept.failed = now;
    console.error(JSON.stringify({ event: "issuer_unreachable", issuer }));
    throw error;
  }
}

async function unlessUnreachable(fetching: Promise<void>): Promise<void> {
  try {
    await fetching;
  } catch (error) {
    // It is in the log; the older keys are good for a while.
    if (!(error instanceof IssuerUnreachable)) throw error;
  }
}
