/**
 * Every sink against a receiver that fails on purpose, with the edge started again in between: in the end each record
 * has arrived at least once, those of one session in their order, in the sink's own format.
 */
import { createHash, createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AwsV4Signer } from "aws4fetch";
import { Webhook } from "standardwebhooks";
import { until } from "../harness/until.ts";
import { type ExportingEdge, live, type RecordLine, recordsOf, startExportingEdge } from "./exporting-edge.ts";
import { OCSF_1_8, ocsfFaults } from "./ocsf-schema.ts";
import { type Received, type Receiver, startReceiver } from "./receiver.ts";

const RETRY = { attempts: 100, first: 0.1, longest: 0.4 };
const SECRETS = {
  S3_ID: "AKIDEXAMPLE",
  S3_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  OCSF_AUTH: "Bearer of-a-lake",
  HEC_TOKEN: "12345678-1234-1234-1234-123456789012",
  OTLP_KEY: "otlp-key-1",
  HOOK_NEW: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
  HOOK_OLD: `whsec_${Buffer.alloc(24, 9).toString("base64")}`,
};
const CHANNEL = "FE0ECFAD-13D5-401B-847D-77833BD77131";

const receivers = new Map<string, Receiver>();
let running: ExportingEdge;
let pulled: ReadonlyMap<string, readonly RecordLine[]>;

const at = (name: string): Receiver => {
  const receiver = receivers.get(name);
  if (receiver === undefined) throw new Error(`no receiver ${name}`);
  return receiver;
};

beforeAll(async () => {
  let acks = 0;
  const asked = new Map<number, number>();
  const splunk = (received: Received): string => {
    if (!received.path.startsWith("/services/collector/ack"))
      return JSON.stringify({ text: "Success", code: 0, ackId: acks++ });
    const [ack = -1] = (JSON.parse(received.body) as { readonly acks: readonly number[] }).acks;
    asked.set(ack, (asked.get(ack) ?? 0) + 1);
    return JSON.stringify({ acks: { [ack]: (asked.get(ack) ?? 0) > 1 } });
  };
  for (const name of ["s3", "http", "webhook", "otlp"]) receivers.set(name, await startReceiver());
  receivers.set("splunk", await startReceiver({ answer: splunk }));
  running = await startExportingEdge(
    [
      {
        name: "s3",
        kind: "s3",
        endpoint: at("s3").url,
        bucket: "audit",
        prefix: "a/",
        access_key_id: "S3_ID",
        secret_access_key: "S3_KEY",
        batch: 7,
        retry: RETRY,
      },
      {
        name: "ocsf",
        kind: "http",
        url: `${at("http").url}/lake`,
        authorization: "OCSF_AUTH",
        arguments: true,
        batch: 5,
        retry: RETRY,
      },
      {
        name: "splunk",
        kind: "splunk",
        url: at("splunk").url,
        token: "HEC_TOKEN",
        index: "agents",
        channel: CHANNEL,
        batch: 10,
        retry: RETRY,
      },
      { name: "otlp", kind: "otlp", url: at("otlp").url, headers: { "X-Api-Key": "OTLP_KEY" }, batch: 6, retry: RETRY },
      {
        name: "hook",
        kind: "webhook",
        url: `${at("webhook").url}/hook`,
        secrets: ["HOOK_NEW", "HOOK_OLD"],
        retry: RETRY,
      },
    ],
    SECRETS,
  );
  const ids = await lived();
  const lines = await Promise.all(ids.map(async (id) => [id, await recordsOf(running, id)] as const));
  pulled = new Map(lines.map(([id, own]) => [id, own.map((line) => JSON.parse(line) as RecordLine)]));
  for (const name of receivers.keys())
    await until(`${name} has everything`, () => missing(arrivedAt(name)).length === 0, { longest: 90_000 });
}, 240_000);
afterAll(async () => {
  await running.stop();
  for (const receiver of receivers.values()) await receiver.close();
});

/** Faults of every kind stand before each part of it, and the edge is started again while receivers still fail. */
async function lived(): Promise<readonly string[]> {
  for (const receiver of receivers.values()) receiver.failWith(500, "cut", 503, 429, 500);
  const ids = [await live(running, ["a", "b", "c"])];
  ids.push(...(await Promise.all([live(running, ["d", "e"]), live(running, ["f"], "helper")])));
  await running.restart();
  const endless = { status: 500, body: "x".repeat(1_000_000) };
  for (const receiver of receivers.values()) receiver.failWith("cut", endless, "hang");
  // Something in front of the receiver answers for it.
  for (const name of ["splunk", "otlp"]) at(name).failWith({ status: 200, body: "<html>sign in</html>" });
  const flip = { method: "PUT", token: await running.edge.person("oda@corp.example"), body: { reason: "a trial" } };
  await running.edge.call("/v1/switches/agent/clerk", flip);
  ids.push(await live(running, ["g", "=1+1", "h\u202e\u001b[2J\ni"]));
  await running.restart();
  ids.push(await live(running, ["j"], "helper"));
  return ids;
}

/** Each record that arrived, in the order in which it did, once for each time. */
function arrivedAt(name: string): readonly string[] {
  return at(name).taken.flatMap((received) => HASHES[name]?.(received) ?? []);
}

interface WithRecord {
  readonly record: RecordLine["record"];
}

const jsonLines = (body: string): readonly unknown[] =>
  body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
const HASHES: { readonly [name: string]: (received: Received) => readonly string[] } = {
  s3: ({ body }) => (jsonLines(body) as readonly WithRecord[]).map(({ record }) => record.hash),
  http: ({ body }) =>
    (jsonLines(body) as readonly { readonly metadata: { readonly uid: string } }[]).map(({ metadata }) => metadata.uid),
  splunk: ({ path, body }) =>
    path.includes("/ack")
      ? []
      : (jsonLines(body) as readonly { readonly event: WithRecord }[]).map(({ event }) => event.record.hash),
  otlp: ({ body }) => logRecords(body).map((record) => attribute(record, "agentpolicy.hash")),
  webhook: ({ body }) => [(JSON.parse(body) as { readonly data: WithRecord }).data.record.hash],
};

interface LogRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string; readonly intValue?: string };
  }[];
}

function logRecords(body: string): readonly LogRecord[] {
  const { resourceLogs } = JSON.parse(body) as {
    readonly resourceLogs: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly LogRecord[] }[] }[];
  };
  return resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap((scope) => scope.logRecords));
}

function attribute({ attributes }: LogRecord, key: string): string {
  return attributes.find((one) => one.key === key)?.value.stringValue ?? "";
}

function missing(arrived: readonly string[]): readonly string[] {
  const there = new Set(arrived);
  return [...pulled.values()]
    .flat()
    .map(({ record }) => record.hash)
    .filter((hash) => !there.has(hash));
}

describe.each(["s3", "http", "splunk", "otlp", "webhook"])("%s", (name) => {
  test("everything arrived, each session's records in their order", () => {
    const arrived = arrivedAt(name);
    expect(missing(arrived)).toEqual([]);
    for (const [session, lines] of pulled) {
      const places = new Map(lines.map(({ record }) => [record.hash, record.seq]));
      const order = arrived.flatMap((hash) => places.get(hash) ?? []);
      // What arrived again begins again no later than what comes next: nothing is ever skipped.
      let next = 1;
      for (const seq of order) {
        expect({ session, isSkipped: seq > next }).toEqual({ session, isSkipped: false });
        next = Math.max(next, seq + 1);
      }
      expect(next).toBe(lines.length + 1);
    }
  });

  test("it failed on purpose, and was asked again", () => {
    expect(at(name).asked.length).toBeGreaterThan(at(name).taken.length + 5);
  });

  test("no secret and no argument that wasn't asked for left the edge", () => {
    const sent = JSON.stringify(at(name).asked.map(({ body }) => body));
    expect(sent).not.toContain("wJalrXUtnFEMI");
    expect(sent.includes("=1+1")).toBe(name === "http");
  });

  test("what an agent wrote stands in JSON, where it ends nothing and moves nothing", () => {
    // oxlint-disable-next-line no-control-regex -- finding such characters is the purpose
    for (const { body } of at(name).taken) expect(body).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe("JSON lines on S3", () => {
  test("objects are put under signed requests, named by day, shard and place", async () => {
    for (const received of at("s3").taken) {
      expect(received.method).toBe("PUT");
      expect(received.path).toMatch(/^\/audit\/a\/\d{4}-\d\d-\d\d\/[0-7]\/\d{12}\.ndjson$/);
      const { "x-amz-date": datetime = "", authorization, "x-amz-content-sha256": sha256 = "" } = received.headers;
      expect(sha256).toBe(createHash("sha256").update(received.body).digest("hex"));
      const again = new AwsV4Signer({
        method: "PUT",
        url: `${at("s3").url}${received.path}`,
        body: received.body,
        headers: { "Content-Type": "application/x-ndjson", "X-Amz-Content-Sha256": sha256 },
        accessKeyId: SECRETS.S3_ID,
        secretAccessKey: SECRETS.S3_KEY,
        service: "s3",
        region: "auto",
        datetime,
      });
      expect(authorization).toBe((await again.sign()).headers.get("Authorization"));
      expect(authorization).toContain("SignedHeaders=host;x-amz-content-sha256;x-amz-date");
      // Independently of the library (docs.aws.amazon.com, "Signature Version 4").
      expect(authorization).toContain(`Signature=${signatureOf(received)}`);
    }
  });

  test("an object that is put again holds the same records first", () => {
    const objects = Map.groupBy(at("s3").asked, ({ path }) => path);
    const again = [...objects.values()].filter(({ length }) => length > 1);
    expect(again.length).toBeGreaterThan(0);
    for (const puts of again) {
      const sorted = puts.map(({ body }) => body).toSorted((a, b) => a.length - b.length);
      for (const body of sorted) expect(sorted.at(-1)?.startsWith(body)).toBe(true);
    }
  });

  test("lines are as `audit pull` writes them, without the arguments", () => {
    const lines = at("s3").taken.flatMap(({ body }) => jsonLines(body)) as readonly RecordLine[];
    const known = new Map([...pulled.values()].flat().map((line) => [line.record.hash, line]));
    for (const { record, args } of lines) {
      if (!known.has(record.hash)) continue;
      expect(record).toEqual(known.get(record.hash)?.record);
      expect(args).toBeNull();
    }
  });
});

function signatureOf({ headers, path, body }: Received): string {
  const names = ["host", "x-amz-content-sha256", "x-amz-date"];
  const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
  const lines = names.map((name) => `${name}:${headers[name] ?? ""}\n`).join("");
  const canonical = ["PUT", path, "", lines, names.join(";"), sha(body)].join("\n");
  const date = headers["x-amz-date"] ?? "";
  const scope = `${date.slice(0, 8)}/auto/s3/aws4_request`;
  const key = scope
    .split("/")
    .reduce<string | Buffer>((by, part) => createHmac("sha256", by).update(part).digest(), `AWS4${SECRETS.S3_KEY}`);
  return createHmac("sha256", key)
    .update(["AWS4-HMAC-SHA256", date, scope, sha(canonical)].join("\n"))
    .digest("hex");
}

describe("API Activity of OCSF 1.8 by HTTP", () => {
  const events = (): readonly { readonly [name: string]: unknown }[] =>
    at("http").taken.flatMap(({ body }) => jsonLines(body)) as readonly { readonly [name: string]: unknown }[];

  test("has every attribute that the schema requires, and only values that it knows", () => {
    expect(events().length).toBeGreaterThan(20);
    for (const event of events()) expect(ocsfFaults(event, OCSF_1_8)).toEqual([]);
  });

  test("says what the control did", () => {
    const decided = (operation: string) =>
      events().find(({ api }) => (api as { readonly operation: string }).operation === operation);
    expect(decided("tock")).toMatchObject({
      class_uid: 6003,
      type_uid: 600399,
      action_id: 1,
      disposition_id: 1,
      status_id: 1,
      actor: { session: { uid: expect.stringMatching(/^ses_/) as string } },
    });
    expect(decided("files.read")).toMatchObject({
      action_id: 2,
      disposition_id: 26,
      status_id: 2,
      status_code: "rule",
      resources: [{ name: "files/secret/a" }],
      authorizations: [{ decision: "deny", policy: { uid: expect.stringMatching(/^r_/) as string } }],
    });
    expect(decided("session.opened")).toMatchObject({ action_id: 3, disposition_id: 17 });
  });

  test("says which person did it", async () => {
    const flipped = () => events().find(({ activity_name }) => activity_name === "switch.flipped");
    await until("the board's log arrived", () => flipped() !== undefined);
    const user = { uid: "oda@corp.example", name: "oda@corp.example" };
    expect(flipped()).toMatchObject({ actor: { app_name: "agentpolicy", user } });
  });

  test("is sent with the secret that the deployment names, and with arguments where the sink says so", () => {
    for (const { headers, path } of at("http").asked)
      expect([headers["authorization"], path]).toEqual(["Bearer of-a-lake", "/lake"]);
    const args = events().flatMap(({ unmapped }) => (unmapped as { readonly args?: string }).args ?? []);
    expect(args).toContain('{"id":"=1+1"}');
  });
});

describe("Splunk's HTTP Event Collector", () => {
  test("gets events with token and channel, and is asked until they are indexed", () => {
    const { taken } = at("splunk");
    for (const { headers } of taken)
      expect([headers["authorization"], headers["x-splunk-request-channel"]]).toEqual([
        `Splunk ${SECRETS.HEC_TOKEN}`,
        CHANNEL,
      ]);
    const events = taken.filter(({ path }) => path === "/services/collector/event");
    const all = events.flatMap(({ body }) => jsonLines(body)) as readonly {
      readonly time: number;
      readonly event: WithRecord;
    }[];
    const event = all.find(
      (one) => one.event.record["kind"] === "session.opened" && one.event.record["agent"] === "bot",
    );
    expect(event).toMatchObject({
      sourcetype: "agentpolicy:record",
      index: "agents",
      fields: { kind: "session.opened", agent: "bot" },
    });
    expect(new Date(1_000 * (event?.time ?? 0)).toISOString()).toBe(event?.event.record["at"]);
    expect(taken.filter(({ path }) => path === `/services/collector/ack?channel=${CHANNEL}`).length).toBeGreaterThan(1);
  });
});

describe("OTLP logs", () => {
  test("are log records with text for 64-bit numbers, severity and the deployment's header", () => {
    const { taken } = at("otlp");
    for (const { headers, path } of taken) expect([headers["x-api-key"], path]).toEqual(["otlp-key-1", "/v1/logs"]);
    const denied = taken
      .flatMap(({ body }) => logRecords(body))
      .find((record) => attribute(record, "agentpolicy.action") === "files.read");
    expect(denied).toMatchObject({ severityNumber: 13, severityText: "WARN", eventName: "agentpolicy.decision" });
    expect(denied?.timeUnixNano).toMatch(/^\d{19}$/);
    expect(denied?.attributes.find(({ key }) => key === "agentpolicy.seq")?.value.intValue).toMatch(/^\d+$/);
  });
});

describe("Standard Webhooks", () => {
  test.each(["HOOK_NEW", "HOOK_OLD"] as const)("verify with %s, by a library that isn't ours", (name) => {
    const webhook = new Webhook(SECRETS[name]);
    for (const { body, headers } of at("webhook").taken)
      expect(webhook.verify(body, { ...headers })).toMatchObject({
        type: expect.stringMatching(/^agentpolicy\./) as string,
      });
  });

  test("a record that is sent again has the id that it had, and a timestamp of its own time", () => {
    const byId = Map.groupBy(at("webhook").asked, ({ headers }) => headers["webhook-id"]);
    expect([...byId.values()].some(({ length }) => length > 1)).toBe(true);
    for (const [id, sent] of byId) {
      expect(id).toMatch(/^rec_[0-9a-f]{64}$/);
      expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    }
  });
});
