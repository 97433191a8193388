/**
 * One object a batch, put with a request signed by AWS Signature Version 4. Its name says where it belongs: sorted by
 * name the objects are sorted by day, shard and place in the queue. The same batch sent again is the same object.
 */
import { AwsV4Signer } from "aws4fetch";
import { sha256Hex } from "../digest.ts";
import { askReceiver, isAnswer, judgeStatus } from "./ask-receiver.ts";
import { formatLines } from "./format-lines.ts";
import { type Batch, dayOf, type Delivery } from "./outgoing.ts";
import type { SinkOf } from "./sink.ts";

export async function sendS3(sink: SinkOf<"s3">, batch: Batch): Promise<Delivery> {
  const body = formatLines(sink.format, batch);
  const url = `${sink.endpoint}/${sink.bucket}/${objectName(sink, batch)}`;
  const signer = new AwsV4Signer({
    method: "PUT",
    url,
    body,
    headers: { "Content-Type": "application/x-ndjson", "X-Amz-Content-Sha256": sha256Hex(body) },
    accessKeyId: sink.access_key_id,
    secretAccessKey: sink.secret_access_key,
    service: "s3",
    region: sink.region,
  });
  const { headers } = await signer.sign();
  const answer = await askReceiver(new Request(url, { method: "PUT", headers, body }));
  return isAnswer(answer) ? judgeStatus(answer) : answer;
}

/** `records/2026-11-21/3/000000000042.ndjson`. */
function objectName({ prefix }: SinkOf<"s3">, { shard, records }: Batch): string {
  const [first] = records;
  if (first === undefined) throw new Error("a batch holds a record");
  return `${prefix}${dayOf(first)}/${shard}/${String(first.n).padStart(12, "0")}.ndjson`;
}
