/**
 * What people have answered in a tree of sessions. An approval binds agent, session, action and arguments and is used
 * once; what was refused stays refused; with `reuse`, later calls run under one that was used (`docs/language.md`,
 * "Approvals").
 */
import { type Action, type Approval, canonicalArgs, canonicalJson, type JsonObject } from "../../engine/index.ts";

/** What a question is about; nothing else is answered with it. */
export interface Subject {
  readonly agent: string;
  readonly session: string;
  readonly action: string;
  readonly args: JsonObject;
}

export interface People {
  refuse(subject: Subject): void;
  hasRefused(subject: Subject): boolean;
  /** Lets later calls run under an approval that was just used, as far as it says `reuse`. */
  lend(approval: Approval, subject: Subject, now: number): void;
  /** Whether an approval that was used before covers this call too. */
  covers(approval: string, subject: Subject, now: number): boolean;
  /** Counts a call that ran under it. */
  useUp(approval: string, subject: Subject, now: number): void;
}

interface Loan {
  readonly approval: Approval;
  readonly bound: string;
  readonly until: number;
  left: number;
}

/** @param actions those of the table, whose types say which arguments are equal */
export function newPeople(actions: readonly Action[]): People {
  const refused = new Set<string>();
  const loans: Loan[] = [];
  const bound = (subject: Subject, varying: readonly string[]): string => boundText(actions, subject, varying);
  const loanFor = (name: string, subject: Subject, now: number): Loan | undefined =>
    loans.find(
      ({ approval, until, left, bound: text }) =>
        approval.name === name && left > 0 && now < until && text === bound(subject, approval.reuse?.varying ?? []),
    );
  return {
    refuse: (subject) => void refused.add(bound(subject, [])),
    hasRefused: (subject) => refused.has(bound(subject, [])),
    lend: (approval, subject, now) => {
      const { reuse } = approval;
      if (reuse === null) return;
      loans.push({ approval, bound: bound(subject, reuse.varying), until: now + reuse.within, left: reuse.n });
    },
    covers: (approval, subject, now) => loanFor(approval, subject, now) !== undefined,
    useUp: (approval, subject, now) => {
      const loan = loanFor(approval, subject, now);
      if (loan !== undefined) loan.left -= 1;
    },
  };
}

/** All that an approval binds, but for the arguments that may vary. */
function boundText(actions: readonly Action[], subject: Subject, varying: readonly string[]): string {
  const { agent, session, action: name, args } = subject;
  const kept = Object.fromEntries(Object.entries(args).filter(([argument]) => !varying.includes(argument)));
  const action = actions.find((one) => one.name === name);
  return canonicalJson([agent, session, name, action === undefined ? "" : canonicalArgs(action, kept)]);
}
