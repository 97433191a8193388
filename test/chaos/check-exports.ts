/** Holds what a sink got against the logs of a run: every record at least once, those of one log never out of order. */
import type { Logs } from "./check-run.ts";

interface Placed {
  readonly record: { readonly seq: number; readonly hash: string };
}

export function checkExports(
  logs: Logs,
  arrived: readonly string[],
): { readonly violations: readonly string[]; readonly counts: { readonly [what: string]: number } } {
  const places = new Map<string, { readonly log: string; readonly seq: number }>();
  for (const [log, lines] of logs)
    for (const line of lines) {
      const { record } = JSON.parse(line) as Placed;
      places.set(record.hash, { log, seq: record.seq });
    }
  const next = new Map<string, number>();
  const violations: string[] = [];
  for (const hash of arrived) {
    const place = places.get(hash);
    // The Switchboard's own log goes out too.
    if (place === undefined) continue;
    const expected = next.get(place.log) ?? 1;
    if (place.seq > expected)
      violations.push(`record ${place.seq} of ${place.log} was exported before record ${expected}`);
    next.set(place.log, Math.max(expected, place.seq + 1));
  }
  for (const [log, lines] of logs)
    if ((next.get(log) ?? 1) <= lines.length)
      violations.push(`record ${next.get(log) ?? 1} of ${log} was never exported`);
  const there = new Set(arrived);
  return { violations, counts: { exported: there.size, "exported again": arrived.length - there.size } };
}
