/** Time and memory of contenders, in turns, so that whatever else the machine does meets all of them alike. */

import { median } from "../median.ts";

/** A contender with its own form of the requests. */
export interface Racer {
  readonly name: string;
  readonly note: string;
  readonly calls: number;
  /** Decides the call at this index. */
  decide(at: number): boolean;
}

export interface Measured {
  readonly name: string;
  readonly note: string;
  /** Median over the turns, nanoseconds for one decision. */
  readonly nanoseconds: number;
  /** Bytes allocated on the JavaScript heap for one decision; null without `--expose-gc`. */
  readonly bytes: number | null;
}

/** All turns take about this long: a longer one would more often be interrupted by the machine's other work. */
const TURN_NANOSECONDS = 300_000;
const FEWEST_CALLS = 4;

export function measure(racers: readonly Racer[], rounds: number): readonly Measured[] {
  const lanes = racers.map((racer) => ({ racer, calls: callsPerTurn(racer), turns: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const lane of lanes) lane.turns.push(takeTurn(lane.racer, round * lane.calls, lane.calls));
  }
  return lanes.map(({ racer, turns }) => ({
    name: racer.name,
    note: racer.note,
    nanoseconds: median(turns),
    bytes: bytesOf(racer),
  }));
}

/** Runs until the compiler of the engine has settled, then sizes the turns by what a call takes. */
function callsPerTurn(racer: Racer): number {
  const first = takeTurn(racer, 0, FEWEST_CALLS);
  const warmUp = Math.ceil(1e9 / Math.max(first, 1000));
  takeCalls(racer, 0, warmUp);
  const settled = takeTurn(racer, 0, Math.max(FEWEST_CALLS, Math.ceil(warmUp / 50)));
  return Math.max(FEWEST_CALLS, Math.ceil(TURN_NANOSECONDS / settled));
}

/** Counted, so that no decision can be left out as unused. */
let allowed = 0;

/** The others have used the caches since: a first run over the requests brings this one's own back, unmeasured. */
function takeTurn(racer: Racer, from: number, calls: number): number {
  takeCalls(racer, from, Math.min(calls, racer.calls));
  const start = performance.now();
  takeCalls(racer, from, calls);
  return ((performance.now() - start) * 1e6) / calls;
}

function takeCalls(racer: Racer, from: number, count: number): void {
  let at = from % racer.calls;
  for (let step = 0; step < count; step++) {
    if (racer.decide(at)) allowed++;
    at = at + 1 === racer.calls ? 0 : at + 1;
  }
}

/** Bytes allocated by the call of each index by itself; null without `--expose-gc`. */
export function bytesOfEach(racer: Racer): readonly number[] | null {
  const each = Array.from({ length: racer.calls }, (_, at) => {
    const alone = { ...racer, calls: 1, decide: () => racer.decide(at) };
    takeCalls(alone, 0, 2000);
    return bytesOf(alone, 256);
  });
  return each.some((bytes) => bytes === null) ? null : each.map(Number);
}

/** Few calls at a time, so that no collection runs in between. */
function bytesOf(racer: Racer, count = Math.min(racer.calls, 256)): number | null {
  const gc = globalThis.gc;
  if (gc === undefined) return null;
  const samples = Array.from({ length: 9 }, () => {
    gc();
    const before = process.memoryUsage().heapUsed;
    takeCalls(racer, 0, count);
    return (process.memoryUsage().heapUsed - before) / count;
  });
  return median(samples);
}
