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
  if (judged.kind !== "sent") return judged;
  const rejected = rejectedIn(answer.text);
  if (rejected === null) return { kind: "later", why: NOT_OTLP, after: null };
  if (rejected === 0) return judged;
  return { kind: "partly", why: `it rejected ${rejected} of ${batch.records.length} log records` };
}

const NOT_OTLP = "it answered 200 with something else than OTLP";

/**
 * Null for an answer that no receiver of OTLP gives. 64-bit numbers are text in this JSON; some receivers write them as
 * numbers all the same.
 */
function rejectedIn(text: string): number | null {
  // A full success may be answered with nothing at all.
  if (text.trim() === "") return 0;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Something in front of the receiver, such as a page to sign in.
    return null;
  }
  const partial = memberOf(answer, "partialSuccess");
  const count = Number(memberOf(partial, "rejectedLogRecords") ?? 0);
  return Number.isFinite(count) && count > 0 ? count : 0;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
