/** JSON lines by POST, to whoever takes them. */
import { askReceiver, isAnswer, judgeStatus } from "./ask-receiver.ts";
import { formatLines } from "./format-lines.ts";
import type { Batch, Delivery } from "./outgoing.ts";
import type { SinkOf } from "./sink.ts";

export async function sendHttp({ url, format, authorization }: SinkOf<"http">, batch: Batch): Promise<Delivery> {
  const headers = {
    "Content-Type": "application/x-ndjson",
    ...(authorization === null ? {} : { Authorization: authorization }),
  };
  const answer = await askReceiver(new Request(url, { method: "POST", headers, body: formatLines(format, batch) }));
  return isAnswer(answer) ? judgeStatus(answer) : answer;
}
