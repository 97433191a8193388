/**
 * Log records by OTLP/HTTP in JSON. Where the receiver took some and rejected others, nothing of it is sent again
 * (https://opentelemetry.io/docs/specs/otlp/#partial-success-1).
 */
import { askReceiver, isAnswer, judgeStatus } from "./ask-receiver.ts";
import { otlpLogs } from "./otlp-logs.ts";
import type { Batch, Delivery } from "./outgoing.ts";
import type { SinkOf } from "./sink.ts";

export async function sendOtlp({ url, headers }: SinkOf<"otlp">, batch: Batch): Promise<Delivery> {
  const body = JSON.stringify(otlpLogs(batch));
  const sent = { ...headers, "Content-Type": "application/json" };
  const answer = await askReceiver(new Request(`${url}/v1/logs`, { method: "POST", headers: sent, body }));
  if (!isAnswer(answer)) return answer;
  const judged = judgeStatus(answer);
  const rejected = judged.kind === "sent" ? rejectedIn(answer.text) : 0;
  if (rejected === 0) return judged;
  return { kind: "partly", why: `it rejected ${rejected} of ${batch.records.length} log records` };
}

/** 64-bit numbers are text in this JSON; some receivers write them as numbers all the same. */
function rejectedIn(text: string): number {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // A full success may be answered with nothing at all.
    return 0;
  }
  const partial = memberOf(answer, "partialSuccess");
  const count = Number(memberOf(partial, "rejectedLogRecords") ?? 0);
  return Number.isFinite(count) && count > 0 ? count : 0;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
