/** What a sink doesn't take leaves the queue, stays to be seen, and goes out again when somebody says so. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentpolicy } from "../cli/run-command.ts";
import { until } from "../harness/until.ts";
import { auditorToken, type ExportingEdge, live, recordsOf, startExportingEdge } from "./exporting-edge.ts";
import { type Received, type Receiver, startReceiver } from "./receiver.ts";

const RETRY = { attempts: 3, first: 0.1, longest: 0.2 };
const state = { isPicky: true, isDown: true, rejects: true };

let picky: Receiver;
let down: Receiver;
let partial: Receiver;
let running: ExportingEdge;
let operator: string;

beforeAll(async () => {
  picky = await startReceiver({ judge: ({ body }) => (state.isPicky && body.includes("poison") ? 400 : null) });
  down = await startReceiver({ judge: () => (state.isDown ? 503 : null) });
  const partialSuccess = JSON.stringify({ partialSuccess: { rejectedLogRecords: "1", errorMessage: "too old" } });
  partial = await startReceiver({
    answer: ({ body }) => (state.rejects && body.includes("files.read") ? partialSuccess : "{}"),
  });
  running = await startExportingEdge([
    { name: "picky", kind: "http", url: picky.url, format: "records", arguments: true, batch: 8, retry: RETRY },
    { name: "down", kind: "http", url: down.url, format: "records", retry: RETRY },
    { name: "partial", kind: "otlp", url: partial.url, batch: 1, retry: RETRY },
  ]);
  operator = await running.edge.person("oda@corp.example");
}, 60_000);
afterAll(async () => {
  await running.stop();
  for (const receiver of [picky, down, partial]) await receiver.close();
});

interface SinkState {
  readonly name: string;
  readonly waiting: number;
  readonly dead: number;
  readonly problem: string | null;
}

interface Letter {
  readonly log: string;
  readonly seq: number;
  readonly problem: string;
}

async function sinks(): Promise<{ readonly [name: string]: SinkState | undefined }> {
  const { body } = await running.edge.call("/v1/exports", { token: operator });
  return Object.fromEntries((body["exports"] as readonly SinkState[]).map((sink) => [sink.name, sink]));
}

async function dead(sink: string, token = operator): Promise<readonly Letter[]> {
  const { body } = await running.edge.call(`/v1/exports/${sink}/dead`, { token });
  return body["dead"] as readonly Letter[];
}

const requeue = (sink: string, token = operator) =>
  running.edge.call(`/v1/exports/${sink}/requeue`, { method: "POST", token, body: { reason: "it is up again" } });
const settled = async (name: string): Promise<boolean> => (await sinks())[name]?.waiting === 0;
const linesOf = (taken: readonly Received[], id: string): readonly string[] =>
  taken.flatMap(({ body }) => body.split("\n").filter((line) => line.includes(id)));

describe("a batch that is refused", () => {
  let session: string;

  test("is halved until the record is found that isn't taken; all others arrive", async () => {
    session = await live(running, ["a", "b", "poison", "c", "d", "e"]);
    const all = await recordsOf(running, session);
    await until("it is through", () => settled("picky"));
    const lines = linesOf(picky.taken, session);
    expect(lines.map((line) => (JSON.parse(line) as { record: Letter }).record.seq)).toEqual(
      all.map((_, at) => at + 1).filter((seq) => seq !== 4),
    );
    expect(lines.toSorted()).toEqual(all.filter((line) => !line.includes("poison")).toSorted());
    const letters = await dead("picky");
    expect(letters).toMatchObject([{ log: session, seq: 4, problem: "it answered 400" }]);
  });

  test("goes out again when an operator says so, and is no dead letter any more", async () => {
    state.isPicky = false;
    expect(await requeue("picky")).toMatchObject({ status: 202, body: { requeued: 1 } });
    await until("it arrived", () => linesOf(picky.taken, session).some((line) => line.includes("poison")));
    await until("it is off the list", async () => (await dead("picky")).length === 0);
    expect(await requeue("picky")).toMatchObject({ body: { requeued: 0 } });
  });

  test("is on record with who sent it again and why, and needs a reason", async () => {
    const path = "/v1/exports/picky/requeue";
    for (const body of [{}, { reason: " " }, { reason: "x", sink: "down" }])
      expect(await running.edge.call(path, { method: "POST", token: operator, body })).toMatchObject({ status: 400 });
    const board = (await recordsOf(running, "board")).map((line) => (JSON.parse(line) as { record: object }).record);
    const sentAgain = board.filter((record) => "kind" in record && record.kind === "exports.requeued");
    const by = expect.stringContaining("oda@corp.example") as string;
    // What had nothing to send isn't there.
    expect(sentAgain).toMatchObject([{ sink: "picky", records: 1, by, reason: "it is up again", agent: null }]);
  });
});

describe("a receiver that is down for longer than its sink bears", () => {
  test("holds up nobody else, and what wasn't taken goes out in its order when it is up again", async () => {
    const session = await live(running, ["x", "y", "z"], "helper");
    await until("others have it", () => linesOf(picky.taken, session).length === 6);
    await until("it is given up", () => settled("down"));
    expect((await dead("down")).some(({ log }) => log === session)).toBe(true);
    expect((await sinks())["down"]).toMatchObject({ problem: "it answered 503" });
    expect(down.taken).toEqual([]);
    state.isDown = false;
    await requeue("down");
    await until("it arrived", () => linesOf(down.taken, session).length === 6);
    const seqs = linesOf(down.taken, session).map((line) => (JSON.parse(line) as { record: Letter }).record.seq);
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("a partial success of OTLP", () => {
  test("isn't sent again, and what was rejected is a dead letter", async () => {
    await until("it is through", () => settled("partial"));
    const letters = await dead("partial");
    expect(letters.map(({ problem }) => problem)).toEqual(letters.map(() => "it rejected 1 of 1 log records"));
    expect(letters.length).toBeGreaterThan(0);
    const denied = partial.taken.filter(({ body }) => body.includes("files.read"));
    expect(denied).toHaveLength(letters.length);
  });
});

describe("who may", () => {
  test("auditors look, operators send again, nobody else learns anything", async () => {
    const auditor = await auditorToken(running);
    const { token: session } = await running.edge.open("bot");
    const stranger = await running.edge.person("eve@corp.example");
    expect(await running.edge.call("/v1/exports", { token: auditor })).toMatchObject({ status: 200 });
    expect(await requeue("picky", auditor)).toMatchObject({ status: 403 });
    for (const path of ["/v1/exports", "/v1/exports/picky/dead"]) {
      expect(await running.edge.call(path, { token: session })).toMatchObject({ status: 401 });
      expect(await running.edge.call(path, { token: stranger })).toMatchObject({ status: 403 });
      expect(await running.edge.call(path)).toMatchObject({ status: 401 });
    }
    expect(await requeue("picky", session)).toMatchObject({ status: 401 });
    expect(await requeue("other")).toMatchObject({ status: 404 });
  });

  test("metrics tell lag, sent, failed and dead of each sink", async () => {
    const { text } = await running.edge.call("/metrics", { token: operator });
    for (const line of [
      /^agentpolicy_export_lag_seconds\{sink="picky"\} 0$/m,
      /^agentpolicy_export_records_total\{sink="down"\} [1-9]\d*$/m,
      /^agentpolicy_export_failures_total\{sink="picky"\} [1-9]\d*$/m,
      /^agentpolicy_export_dead_letters\{sink="partial"\} [1-9]\d*$/m,
      /^agentpolicy_export_given_up_total\{sink="picky"\} 1$/m,
    ])
      expect(text).toMatch(line);
  });
});

describe("the command", () => {
  const command = (...args: string[]) =>
    agentpolicy(["exports", ...args, "--edge", running.edge.url, "--token", operator]);

  test("lists sinks and dead letters, and sends again", async () => {
    const listed = await command();
    const stderr = "which records, and why: `agentpolicy exports dead partial`\n";
    expect(listed).toMatchObject({ code: 0, stderr });
    expect(listed.stdout).toMatch(/^picky {2}nothing waits; \d+ sent, \d+ tries failed, 0 dead letters$/m);
    expect((await command("dead", "partial")).stdout).toContain("it rejected 1 of 1 log records");
    state.rejects = false;
    const silent = await command("requeue", "partial");
    expect([silent.code, silent.stderr]).toEqual([2, expect.stringContaining("goes on record with a reason")]);
    expect((await command("requeue", "partial", "--reason", "it takes them now")).stdout).toMatch(
      /^\d+ records? of partial go out again as oda@corp.example/,
    );
    await until("it is off the list", async () => (await dead("partial")).length === 0);
    for (const none of [
      ["dead", "partial"],
      ["requeue", "partial", "--reason", "once more"],
    ]) {
      const { code, stdout, stderr } = await command(...none);
      expect([code, stdout, stderr]).toEqual([0, "", expect.stringMatching(/^`partial` has no dead letters[;,]/)]);
    }
    for (const name of [["dead"], ["requeue", "--reason", "why"]]) {
      const { code, stderr } = await command(...name, "nowhere");
      expect([code, stderr]).toEqual([1, expect.stringContaining("`agentpolicy exports` lists those it has")]);
    }
  });
});
