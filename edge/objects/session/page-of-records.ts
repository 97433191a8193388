/** Records for replay, as many as fit into one answer. */
import type { RecordStore } from "../../records/record-store.ts";
import { canonicalText } from "../../canonical-text.ts";
import type { RecordsInput, RecordsOutput } from "../../rpc.ts";

const MAX_RECORDS = 500;
/** Characters; a call between objects carries 32 MiB at most. */
const MAX_TEXT = 4 * 1024 * 1024;

export function pageOfRecords(records: RecordStore, input: RecordsInput): RecordsOutput {
  const limit = Math.min(Math.max(1, input.limit), MAX_RECORDS);
  const read = records.read(input.after, limit + 1);
  const lines: string[] = [];
  let last = input.after;
  let size = 0;
  for (const line of read.slice(0, limit)) {
    const text = canonicalText(line);
    size += text.length;
    if (size > MAX_TEXT && lines.length > 0) break;
    lines.push(text);
    last = line.record.seq;
  }
  return { lines, last, more: lines.length < read.length };
}
