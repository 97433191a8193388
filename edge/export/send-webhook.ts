/** One message a record: the specification knows no batches. */
import { askReceiver, isAnswer, judgeStatus } from "./ask-receiver.ts";
import type { Batch, Delivery } from "./outgoing.ts";
import { signWebhook } from "./sign-webhook.ts";
import type { SinkOf } from "./sink.ts";

/** A batch of this sink holds one record. */
export async function sendWebhook({ url, secrets }: SinkOf<"webhook">, { records, now }: Batch): Promise<Delivery> {
  const [record, ...more] = records;
  if (record === undefined || more.length > 0) throw new Error("a webhook carries one record");
  const { headers, body } = signWebhook(record, secrets, now);
  const answer = await askReceiver(new Request(url, { method: "POST", headers, body }));
  return isAnswer(answer) ? judgeStatus(answer) : answer;
}
