/** A batch as JSON lines, each with its line end. */
import { assertNever } from "../assert-never.ts";
import { ocsfEvent } from "./ocsf-event.ts";
import type { Batch } from "./outgoing.ts";
import { recordLine } from "./record-lines.ts";
import type { Format } from "./sink.ts";

export function formatLines(format: Format, { records, origin }: Batch): string {
  switch (format) {
    case "records":
      return records.map((record) => `${recordLine(record)}\n`).join("");
    case "ocsf":
      return records.map((record) => `${JSON.stringify(ocsfEvent(record, origin))}\n`).join("");
    default:
      return assertNever(format);
  }
}
