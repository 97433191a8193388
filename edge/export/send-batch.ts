/** A batch to its sink. */
import { assertNever } from "../assert-never.ts";
import type { Batch, Delivery } from "./outgoing.ts";
import { sendHttp } from "./send-http.ts";
import { sendOtlp } from "./send-otlp.ts";
import { sendS3 } from "./send-s3.ts";
import { sendSplunk } from "./send-splunk.ts";
import { sendWebhook } from "./send-webhook.ts";
import type { Sink } from "./sink.ts";

export function sendBatch(sink: Sink, batch: Batch): Promise<Delivery> {
  switch (sink.kind) {
    case "s3":
      return sendS3(sink, batch);
    case "http":
      return sendHttp(sink, batch);
    case "splunk":
      return sendSplunk(sink, batch);
    case "otlp":
      return sendOtlp(sink, batch);
    case "webhook":
      return sendWebhook(sink, batch);
    default:
      return assertNever(sink);
  }
}
