/** Decides every request of a run again from its records: under the policy that decided, nothing may come out otherwise. */
import { readLogs, whatIf } from "../../compiler/index.ts";
import { prepare, type Table } from "../../engine/index.ts";
import type { Logs } from "./check-run.ts";

export function checkDecidedAgain(
  table: string,
  logs: Logs,
): { readonly violations: readonly string[]; readonly counts: { readonly [what: string]: number } } {
  const { changes, undecided, decided } = whatIf(
    prepare(JSON.parse(table) as Table),
    readLogs([...logs.values()].flat()),
  );
  return {
    violations: [
      ...changes.map(
        ({ kind, was, action, example }) =>
          `record ${example.seq} of ${example.session}: ${action} was ${was}, decided again it is ${kind}`,
      ),
      ...undecided.map(
        ({ why, example }) => `record ${example.seq} of ${example.session} can't be decided again: ${why}`,
      ),
    ],
    counts: { "decided again": decided },
  };
}
