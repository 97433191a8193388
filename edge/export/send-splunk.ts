/**
 * Events to Splunk's HTTP Event Collector. With a channel it waits until they are indexed: until then they aren't
 * there, whatever was answered.
 * https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data
 */
import { type Answer, askReceiver, isAnswer, judgeStatus } from "./ask-receiver.ts";
import type { Batch, Delivery } from "./outgoing.ts";
import type { SinkOf } from "./sink.ts";
import { splunkEvent } from "./splunk-event.ts";

type Splunk = SinkOf<"splunk">;

export async function sendSplunk(sink: Splunk, { records, origin }: Batch): Promise<Delivery> {
  const body = records.map((record) => splunkEvent(record, origin, sink.index)).join("\n");
  const answer = await askReceiver(call(sink, "/services/collector/event", body));
  if (!isAnswer(answer)) return answer;
  const judged = judge(answer);
  if (judged.kind !== "sent" || sink.channel === null) return judged;
  const ack = numberIn(answer.text, "ackId");
  return ack === null
    ? notAcknowledged("it gave no `ackId`; switch acknowledgement on for this token")
    : indexed(sink, ack);
}

function call({ url, token, channel }: Splunk, path: string, body: string): Request {
  const headers = {
    Authorization: `Splunk ${token}`,
    "Content-Type": "application/json",
    ...(channel === null ? {} : { "X-Splunk-Request-Channel": channel }),
  };
  return new Request(`${url}${path}`, { method: "POST", headers, body });
}

/** Codes of 400 that are about the token or the channel, and not about what was sent: incorrect index, channel, acknowledgement. */
const SET_UP: readonly number[] = [7, 10, 11, 14];

function judge(answer: Answer): Delivery {
  const code = numberIn(answer.text, "code");
  const judged = judgeStatus(answer);
  const why = `it answered ${answer.status}${code === null ? "" : `, code ${code}`}`;
  // Whoever answers 200 without Splunk's own words isn't Splunk, but something in front of it.
  if (judged.kind === "sent" && code !== 0) return { kind: "later", why, after: null };
  if (judged.kind === "refused" && code !== null && SET_UP.includes(code)) return { kind: "later", why, after: null };
  return judged.kind === "sent" ? judged : { ...judged, why };
}

const ASKS = 8;
const PAUSE = 500;

async function indexed(sink: Splunk, ack: number): Promise<Delivery> {
  const path = `/services/collector/ack?channel=${encodeURIComponent(sink.channel ?? "")}`;
  for (let asks = 0; asks < ASKS; asks++) {
    // One after the other: it is the same question until the answer is yes.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await askReceiver(call(sink, path, JSON.stringify({ acks: [ack] })));
    if (isAnswer(answer) && answer.status === 200 && isAcknowledged(answer.text, ack)) return { kind: "sent" };
    // oxlint-disable-next-line no-await-in-loop
    await scheduler.wait(PAUSE);
  }
  return notAcknowledged("it didn't say in time that the events are indexed");
}

function notAcknowledged(why: string): Delivery {
  return { kind: "later", why, after: null };
}

function isAcknowledged(text: string, ack: number): boolean {
  const value = parsed(text);
  const acks = typeof value === "object" && value !== null && "acks" in value ? value.acks : null;
  return typeof acks === "object" && acks !== null && Reflect.get(acks, String(ack)) === true;
}

function numberIn(text: string, name: string): number | null {
  const value = parsed(text);
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : null;
  return typeof found === "number" ? found : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy in front answers in other ways; the status says what is to be known.
    return null;
  }
}
