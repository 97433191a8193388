/** Time and memory of contenders, in turns, so that whatever else the machine does meets all of them alike. */

/** A contender with its own form of the requests. */
export interface Racer {
  readonly name: string;
  readonly note: string;
  readonly calls: number;
  /** Decides the call at this index. */
  decide(at: number): boolean;
  /** Calls in one turn: fewer for slow ones. */
  readonly turn: number;
}

export interface Measured {
  readonly name: string;
  readonly note: string;
  /** Median over the turns, nanoseconds for one decision. */
  readonly nanoseconds: number;
  /** Bytes allocated on the JavaScript heap for one decision; null without `--expose-gc`. */
  readonly bytes: number | null;
}

export function measure(racers: readonly Racer[], rounds: number): readonly Measured[] {
  const turns = racers.map((): number[] => []);
  for (let round = 0; round < rounds + WARM_UP; round++) {
    for (const [at, racer] of racers.entries()) {
      const spent = takeTurn(racer, round * racer.turn);
      if (round >= WARM_UP) turns[at]?.push(spent);
    }
  }
  return racers.map((racer, at) => ({
    name: racer.name,
    note: racer.note,
    nanoseconds: median(turns[at] ?? []),
    bytes: bytesOf(racer),
  }));
}

const WARM_UP = 30;

/** Counted, so that no decision can be left out as unused. */
let allowed = 0;

/** The others have used the caches since: a first, short run brings this one's own back, unmeasured. */
function takeTurn(racer: Racer, from: number): number {
  takeCalls(racer, from, Math.min(racer.turn, racer.calls));
  const start = performance.now();
  takeCalls(racer, from, racer.turn);
  return ((performance.now() - start) * 1e6) / racer.turn;
}

function takeCalls(racer: Racer, from: number, count: number): void {
  let at = from % racer.calls;
  for (let step = 0; step < count; step++) {
    if (racer.decide(at)) allowed++;
    at = at + 1 === racer.calls ? 0 : at + 1;
  }
}

function bytesOf(racer: Racer): number | null {
  const gc = globalThis.gc;
  if (gc === undefined) return null;
  const samples = Array.from({ length: 9 }, () => {
    gc();
    const before = process.memoryUsage().heapUsed;
    // Few enough that no collection runs in between.
    const calls = Math.min(racer.turn, 256);
    takeCalls(racer, 0, calls);
    return (process.memoryUsage().heapUsed - before) / calls;
  });
  return median(samples);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
