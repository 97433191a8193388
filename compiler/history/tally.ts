/** Adds up what would change. */
import type { Outcome } from "./recorded-decision.ts";
import type { Entry } from "./read-log.ts";
import type { Change, RecordRef, WhatIfReport } from "./what-if-report.ts";

export interface Decided {
  readonly action: string;
  readonly was: Outcome;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly message: string;
  readonly rules: readonly string[];
}

export interface Tally {
  decided(entry: Entry, decided: Decided): void;
  same(): void;
  stopped(reason: string): void;
  undecided(why: string, entry: Entry): void;
  report(): Pick<WhatIfReport, "decided" | "same" | "changes" | "stopped" | "undecided">;
}

const KINDS = { deny: "denied", ask: "asked", allow: "allowed" } as const;

export function startTally(): Tally {
  const changes = new Map<string, Change>();
  const stopped = new Map<string, number>();
  const undecided = new Map<string, { readonly count: number; readonly example: RecordRef }>();
  let [all, same] = [0, 0];
  const keepSame = (): void => {
    all++;
    same++;
  };
  return {
    same: keepSame,
    decided: (entry, { action, was, outcome, reason, message, rules }) => {
      if (was === outcome) return keepSame();
      all++;
      const { agent } = entry;
      const key = JSON.stringify([outcome, was, agent, action]);
      const before = changes.get(key);
      const first = {
        kind: KINDS[outcome],
        was,
        agent,
        action,
        reason,
        message,
        rules,
        count: 0,
        example: exampleOf(entry),
      };
      changes.set(key, { ...(before ?? first), count: (before?.count ?? 0) + 1 });
    },
    stopped: (reason) => void stopped.set(reason, (stopped.get(reason) ?? 0) + 1),
    undecided: (why, entry) => {
      const before = undecided.get(why);
      undecided.set(why, { count: (before?.count ?? 0) + 1, example: before?.example ?? exampleOf(entry) });
    },
    report: () => ({
      decided: all,
      same,
      changes: [...changes.values()].toSorted(inOrder),
      stopped: [...stopped].map(([why, count]) => ({ why, count })),
      undecided: [...undecided].map(([why, one]) => ({ why, ...one })),
    }),
  };
}

const ORDER: readonly Change["kind"][] = ["denied", "asked", "allowed"];

function inOrder(one: Change, other: Change): number {
  const byKind = ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind);
  if (byKind !== 0) return byKind;
  const [a, b] = [`${one.agent} ${one.action}`, `${other.agent} ${other.action}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

function exampleOf({ session, seq, at }: Entry): RecordRef {
  return { session, seq, at: new Date(at).toISOString() };
}
