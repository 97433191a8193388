import type { SealedRecord } from "../../edge/records/record.ts";
import { verifyRecords } from "../../sdk/index.ts";
import type { OpenSession } from "./requests.ts";

export interface Line {
  readonly record: SealedRecord;
  readonly args: string | null;
}

/** The whole log of a session, checked as an auditor would. */
export async function recordsOf(session: OpenSession, sequence = 1): Promise<readonly Line[]> {
  const output = await session.rpc.records({ sequence, after: 0, limit: 500 });
  if (!("lines" in output)) throw new Error(`no records: ${JSON.stringify(output)}`);
  const report = await verifyRecords(output.lines);
  if (!report.ok) throw new Error(`the log doesn't hold together: ${JSON.stringify(report.problem)}`);
  return output.lines.map((line) => JSON.parse(line) as Line);
}

export function kindsOf(lines: readonly Line[]): readonly string[] {
  return lines.map((line) => line.record.kind);
}
