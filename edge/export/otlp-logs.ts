/**
 * Records as log records of OTLP/HTTP in JSON: 64-bit numbers are text, ids of traces are hex.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
import { type Batch, fieldsOf, type Outgoing, type RecordFields, textOf } from "./outgoing.ts";

type Value =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly boolValue: boolean };

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

export function otlpLogs({ records, origin, now }: Batch): object {
  const attributes = [text("service.name", "agentpolicy"), text("service.instance.id", origin)];
  const logRecords = records.map((outgoing) => logRecord(outgoing, now));
  return {
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope: { name: "agentpolicy.records" }, logRecords }] }],
  };
}

function logRecord(outgoing: Outgoing, now: number): object {
  const record = fieldsOf(outgoing);
  const [severityNumber, severityText] = severityOf(record);
  return {
    timeUnixNano: nanos(Date.parse(record.at)),
    observedTimeUnixNano: nanos(now),
    severityNumber,
    severityText,
    eventName: `agentpolicy.${record.kind}`,
    body: { stringValue: textOf(record["message"]) ?? record.kind },
    attributes: attributesOf(outgoing, record),
    ...traceOf(textOf(record["trace"])),
  };
}

/** INFO is 9, WARN 13. */
function severityOf({ kind, ...record }: RecordFields): readonly [number, string] {
  const isWarning = record["decision"] === "deny" || kind === "session.frozen" || kind.startsWith("breaker");
  return isWarning ? [13, "WARN"] : [9, "INFO"];
}

/** Texts, numbers and truths under their own name, whatever has parts as JSON. */
function attributesOf({ log, args }: Outgoing, record: RecordFields): readonly Attribute[] {
  const own = Object.entries(record).flatMap(([name, value]): readonly Attribute[] => {
    if (value === null || value === undefined) return [];
    const key = `agentpolicy.${name}`;
    if (typeof value === "number") return [{ key, value: numberValue(value) }];
    if (typeof value === "boolean") return [{ key, value: { boolValue: value } }];
    return [text(key, typeof value === "string" ? value : JSON.stringify(value))];
  });
  return [text("agentpolicy.log", log), ...own, ...(args === null ? [] : [text("agentpolicy.args", args)])];
}

function numberValue(value: number): Value {
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function text(key: string, stringValue: string): Attribute {
  return { key, value: { stringValue } };
}

function nanos(at: number): string {
  return String(BigInt(at) * 1_000_000n);
}

/** Of a `traceparent` (W3C Trace Context). */
function traceOf(trace: string | null): object {
  const parts = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(trace ?? "");
  return parts === null ? {} : { traceId: parts[1], spanId: parts[2] };
}
