/** Which arguments a log says were erased: what is absent and isn't among them was taken out by somebody else. */

type Fields = { readonly [name: string]: unknown };

export interface Erasures {
  /** A record of the log, with what stands beside it. */
  take(record: Fields, seq: number, args: unknown): void;
  /** Numbers of the records whose arguments are gone without a word. */
  unexplained(): readonly number[];
}

export function createErasures(): Erasures {
  const absent: number[] = [];
  const erased = new Set<number>();
  let expired = 0;
  return {
    take(record, seq, args) {
      const { kind, of, also } = record;
      if (kind === "arguments.expired") expired = Math.max(expired, seq);
      if (kind === "arguments.erased")
        for (const each of [of, ...(Array.isArray(also) ? (also as readonly unknown[]) : [])])
          if (typeof each === "number") erased.add(each);
      if (args === null && typeof record["args_mac"] === "string" && !wasNeverKept(record)) absent.push(seq);
    },
    unexplained: () => absent.filter((seq) => seq > expired && !erased.has(seq)),
  };
}

/** A session that has stored all that it may admits nothing more, and keeps no more arguments. */
function wasNeverKept({ reason }: Fields): boolean {
  return reason === "overloaded";
}
