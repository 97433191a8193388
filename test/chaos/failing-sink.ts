/** A sink that fails at random: batches aren't taken, or are taken and their answer is lost. */
import { randomFrom } from "../fuzz/random.ts";
import { type Fault, startReceiver } from "../export/receiver.ts";
import type { Logs } from "./check-run.ts";

export interface FailingSink {
  /** Variables of the edge that exports to it. */
  readonly bindings: { readonly EXPORTS: string };
  /** Hashes of records in the order in which they arrived, once for each time. */
  arrived(): readonly string[];
  close(): Promise<void>;
}

const FAULTS: readonly Fault[] = ["cut", "lost", 503, 429, "cut", 500];

export async function startFailingSink(seed: number): Promise<FailingSink> {
  const random = randomFrom(seed);
  const receiver = await startReceiver({
    judge: () => (random.once(3) ? (FAULTS[random.below(FAULTS.length)] ?? null) : null),
  });
  const sink = {
    name: "lake",
    kind: "http",
    url: receiver.url,
    format: "records",
    batch: 20,
    retry: { attempts: 1_000, first: 0.1, longest: 0.5 },
  };
  return {
    bindings: { EXPORTS: JSON.stringify([sink]) },
    arrived: () => receiver.taken.flatMap(({ body }) => body.split("\n").flatMap(hashOf)),
    close: () => receiver.close(),
  };
}

function hashOf(line: string): readonly string[] {
  return line === "" ? [] : [(JSON.parse(line) as { readonly record: { readonly hash: string } }).record.hash];
}

/** Records of an open session reach the ledger within half a minute; more than these are lost. */
const LONGEST = 90_000;

/** Waits until every record of the logs has arrived, or too long. @returns hashes in the order of their arrival */
export async function untilExported(sink: FailingSink, logs: Logs): Promise<readonly string[]> {
  const wanted = [...logs.values()].flat().flatMap(hashOf);
  const end = Date.now() + LONGEST;
  for (;;) {
    const arrived = sink.arrived();
    const there = new Set(arrived);
    if (Date.now() > end || wanted.every((hash) => there.has(hash))) return arrived;
    await new Promise((next) => setTimeout(next, 250));
  }
}
