/**
 * What a session knows, in memory: labels, counts, sums and what was admitted. A replay takes seconds, so that every
 * window holds all of it, and each session starts with empty counters, as on a day of its own.
 */
import {
  type Action,
  canonicalArgs,
  type Decision,
  type JsonObject,
  type LimitRow,
  sameHolds,
  type State,
} from "../../engine/index.ts";

export class Memory {
  readonly #labels = new Set<string>();
  readonly #used = new Map<string, bigint>();
  readonly #admitted: { readonly action: string; readonly args: string }[] = [];
  readonly #openedAt: number;
  readonly #task: string;

  constructor(openedAt: number, task: string) {
    this.#openedAt = openedAt;
    this.#task = task;
  }

  state(now: number, approved: boolean): State {
    return {
      now,
      opened_at: this.#openedAt,
      calls: this.#admitted.length,
      labels: this.#labels,
      roles: new Set(),
      task: this.#task,
      did: (action, same) => this.#admitted.some((past) => past.action === action && sameHolds(same, past.args)),
      live: () => null,
      used: (limit) => ({ used: this.#used.get(counterOf(limit)) ?? 0n, admits_at: null }),
      approved: () => approved,
    };
  }

  admit(decision: Decision, action: Action, args: JsonObject): void {
    this.#admitted.push({ action: action.name, args: canonicalArgs(action, args) });
    for (const label of decision.adds) this.#labels.add(label);
    for (const label of decision.clears) this.#labels.delete(label);
    // Two limits that differ in nothing but N share a count: it is added to once.
    const counters = new Map(decision.spends.map(({ limit }) => [counterOf(limit), limit.amount]));
    for (const [counter, amount] of counters) this.#used.set(counter, (this.#used.get(counter) ?? 0n) + amount);
  }
}

function counterOf(limit: LimitRow): string {
  return `${limit.counter} ${limit.key}`;
}
