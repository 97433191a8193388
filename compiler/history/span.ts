/** What stretch of time a look at logs covers. */
import type { ReadLogs } from "./read-log.ts";
import type { Span } from "./what-if-report.ts";

export function spanOf({ logs, unreadable }: ReadLogs): Span {
  let [from, to, records] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { entries } of logs) {
    records += entries.length;
    for (const { at } of entries) [from, to] = [Math.min(from, at), Math.max(to, at)];
  }
  const shown = (at: number): string | null => (Number.isFinite(at) ? new Date(at).toISOString() : null);
  return { logs: logs.length, records, from: shown(from), to: shown(to), unreadable };
}
