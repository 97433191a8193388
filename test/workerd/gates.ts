/**
 * Holds calls between objects where a test wants them: another call can then run while this one awaits. The Worker
 * under test and the tests share one isolate, so that a gate is an object like any other.
 */

/** The calls that can be held, and on which side: before the callee has seen it, or before the caller hears of it. */
export type Gate =
  | "reserve.before"
  | "reserve.after"
  | "lease.before"
  | "lease.after"
  | "admit.after"
  | "grant.after"
  | "report.before"
  | "session.learn"
  | "agent.learn";

interface Holding {
  /** Settles when a call has come to the gate. */
  readonly arrived: Promise<void>;
  open(): void;
}

const gates = new Map<Gate, (() => Promise<void>)[]>();

/** The next call through the gate waits until it is opened. */
export function holdNext(gate: Gate): Holding {
  const arrival = Promise.withResolvers<void>();
  const opening = Promise.withResolvers<void>();
  const queue = gates.get(gate) ?? [];
  gates.set(gate, queue);
  queue.push(() => {
    arrival.resolve();
    return opening.promise;
  });
  return { arrived: arrival.promise, open: () => opening.resolve() };
}

const failing = new Set<Gate>();

/** Every call through the gate fails until the test ends or `mend`. */
export function cut(gate: Gate): void {
  failing.add(gate);
}

export function mend(gate: Gate): void {
  failing.delete(gate);
}

export function resetGates(): void {
  gates.clear();
  failing.clear();
}

export async function pass(gate: Gate): Promise<void> {
  if (failing.has(gate)) throw new Error(`cut at ${gate}`);
  await gates.get(gate)?.shift()?.();
}
