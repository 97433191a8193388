/**
 * A record as an event of Splunk's HTTP Event Collector. Events of one request stand one behind the other.
 * https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data
 */
import { fieldsOf, type Outgoing, textOf } from "./outgoing.ts";

export function splunkEvent(outgoing: Outgoing, origin: string, index: string | null): string {
  const record = fieldsOf(outgoing);
  const decision = textOf(record["decision"]);
  return JSON.stringify({
    // Seconds, to the millisecond.
    time: Date.parse(record.at) / 1_000,
    host: origin,
    source: outgoing.log,
    sourcetype: "agentpolicy:record",
    ...(index === null ? {} : { index }),
    event: {
      record: JSON.parse(outgoing.text) as unknown,
      ...(outgoing.args === null ? {} : { args: outgoing.args }),
    },
    fields: {
      kind: record.kind,
      ...(record.agent === null ? {} : { agent: record.agent }),
      ...(decision === null ? {} : { decision }),
    },
  });
}
