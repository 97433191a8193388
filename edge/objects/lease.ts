/**
 * "Not killed at this epoch, for so long": held in memory only, so that a restart always asks anew.
 *
 * Read against the bare clock of the machine and not against the clamped one: a clock set back would stretch the
 * lease, so a time before the sending ends it.
 */
import type { Lease } from "../rpc.ts";

/** No policy is stricter: below it renewals would cost more than they guard. */
const MIN_LEASE = 5_000;

/** What whoever asks without one is told. */
export const UNLEASED = "the edge can't make sure that this agent is not killed; try again soon";

export interface HeldLease {
  readonly epoch: number;
  readonly sent: number;
  readonly until: number;
}

/** `sent` is when the request left, by the holder's own `Date.now()`: the way there and back counts against it. */
export function holdLease(lease: Lease, sent: number): HeldLease {
  return { epoch: lease.epoch, sent, until: sent + lease.valid_for };
}

export function isHeld(lease: HeldLease | null, at: number): lease is HeldLease {
  return lease !== null && at >= lease.sent && at < lease.until;
}

/** The policy of now may trust a lease for less time than the one that it was granted under. */
export function shortened(lease: HeldLease | null, ms: number): HeldLease | null {
  return lease === null ? null : { ...lease, until: Math.min(lease.until, lease.sent + atLeast(ms)) };
}

export function atLeast(ms: number): number {
  return Math.max(MIN_LEASE, ms);
}

/** Time to renew in the background. */
export function isPastHalf(lease: HeldLease, at: number): boolean {
  return at - lease.sent >= (lease.until - lease.sent) / 2;
}

export function leftOf(lease: HeldLease, at: number): Lease {
  return { epoch: lease.epoch, valid_for: Math.max(0, lease.until - at) };
}
