/**
 * Holds calls between objects where a test wants them: another call can then run while this one awaits. The Worker
 * under test and the tests share one isolate, so that a gate is an object like any other.
 */

/** The calls that can be held, and on which side: before the callee has seen it, or before the caller hears of it. */
export type Gate =
  | "reserve.before"
  | "reserve.after"
  | "budget.before"
  | "budget.after"
  | "budget.report"
  | "set.grant"
  | "lease.before"
  | "lease.after"
  | "admit.after"
  | "grant.after"
  | "report.before"
  | "report.after"
  | "flip.before"
  | "flip.after"
  | "session.learn"
  | "agent.learn"
  | "ledger.before"
  | "ledger.after";

interface Holding {
  /** Settles when a call has come to the gate. */
  arrived(): Promise<void>;
  open(): void;
}

interface State {
  arrived: boolean;
  open: boolean;
}

const gates = new Map<Gate, State[]>();

/** The next call through the gate waits until it is opened. */
export function holdNext(gate: Gate): Holding {
  const state: State = { arrived: false, open: false };
  gates.set(gate, [...(gates.get(gate) ?? []), state]);
  return {
    arrived: () => until(() => state.arrived),
    open: () => {
      state.open = true;
    },
  };
}

/**
 * Looks again and again: a promise that one object settles would go on in that object's own context, and the runtime
 * refuses I/O there on behalf of another.
 */
async function until(met: () => boolean): Promise<void> {
  while (!met()) await scheduler.wait(2);
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
  const state = gates.get(gate)?.shift();
  if (state === undefined) return;
  state.arrived = true;
  await until(() => state.open);
}
