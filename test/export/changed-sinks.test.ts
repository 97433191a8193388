/** Sinks come and go with deployments; what one has had is kept under its name. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import { type ExportingEdge, live, startExportingEdge } from "./exporting-edge.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const RETRY = { attempts: 500, first: 0.1, longest: 0.2 };

let old: Receiver;
let late: Receiver;
let running: ExportingEdge;

const sink = (name: string, { url }: Receiver) => ({ name, kind: "http", url, format: "records", retry: RETRY });
const has = ({ taken }: Receiver, session: string): boolean =>
  taken.some(({ body }) => body.includes(`"session":"${session}"`) && body.includes("session.closed"));

beforeAll(async () => {
  [old, late] = [await startReceiver(), await startReceiver()];
  running = await startExportingEdge([sink("old", old)]);
}, 60_000);
afterAll(async () => {
  await running.stop();
  await old.close();
  await late.close();
});

test("a sink that comes gets what is recorded from then on, and the others go on where they were", async () => {
  const first = await live(running, ["a"]);
  await until("the first has it", () => has(old, first));
  const before = old.taken.length;
  await running.restart([sink("old", old), sink("late", late)]);
  const second = await live(running, ["b"]);
  await until("both have it", () => has(old, second) && has(late, second));
  expect(has(late, first)).toBe(false);
  expect(old.taken.slice(before).some(({ body }) => body.includes(first))).toBe(false);
});

test("a sink that goes holds up nothing, and under its name another begins anew", async () => {
  await running.restart([sink("old", old)]);
  const third = await live(running, ["c"]);
  await until("the one that stayed has it", () => has(old, third));
  await running.restart([sink("old", old), sink("late", late)]);
  const fourth = await live(running, ["d"]);
  await until("both have it", () => has(old, fourth) && has(late, fourth));
  expect(has(late, third)).toBe(false);
});

test("without any sink nothing is kept for one", async () => {
  await running.restart([]);
  await live(running, ["e"]);
  const token = await running.edge.person("oda@corp.example");
  expect((await running.edge.call("/v1/exports", { token })).body).toEqual({ exports: [] });
  const listed = await running.edge.call("/v1/exports/old/dead", { token });
  expect(listed.status).toBe(404);
});
