/** Nothing leaves by an export that may not be read where the records are, and agents have no part in it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditorToken, type ExportingEdge, recordsOf, startExportingEdge } from "../export/exporting-edge.ts";
import { type Receiver, startReceiver } from "../export/receiver.ts";
import { until } from "../harness/until.ts";

const SECRET = "hunter2-of-a-file";
const state = { isDown: true };

let receiver: Receiver;
let running: ExportingEdge;

beforeAll(async () => {
  receiver = await startReceiver({ judge: () => (state.isDown ? 503 : null) });
  running = await startExportingEdge([
    {
      name: "all",
      kind: "http",
      url: receiver.url,
      format: "records",
      arguments: true,
      retry: { attempts: 500, first: 0.1, longest: 0.2 },
    },
  ]);
}, 60_000);
afterAll(async () => {
  await running.stop();
  await receiver.close();
});

test("a secret, and arguments that were erased before they went out, leave by no export, even where arguments do", async () => {
  const { edge } = running;
  const { token, session } = await edge.open("bot");
  expect(
    await edge.decide(token, { action: "files.write", args: { file: "a", text: "b", key: SECRET } }),
  ).toMatchObject({ decision: "ask" });
  expect(await edge.decide(token, { action: "tock", args: { id: "of somebody" } })).toMatchObject({
    decision: "allow",
  });
  await edge.decide(token, { action: "tock", args: { id: "of nobody" } });
  const auditor = await auditorToken(running);
  const lines = await recordsOf(running, session.id);
  const at = lines.findIndex((line) => line.includes("of somebody")) + 1;
  const path = `/v1/sessions/${session.id}/records/${at}/args`;
  await edge.call(path, { method: "DELETE", token: auditor, body: { reason: "asked to" } });
  await edge.call("/v1/session", { method: "DELETE", token });
  await until("it was tried", () => receiver.asked.length > 0);
  state.isDown = false;
  await until("it went out", () => receiver.taken.some(({ body }) => body.includes("session.closed")));
  const sent = receiver.taken.map(({ body }) => body).join("");
  expect(sent).toContain("hmac_sha256");
  expect(sent).toContain("of nobody");
  // What was tried before the erasure could have held it: the receiver took nothing then.
  for (const hidden of [SECRET, "of somebody"]) expect(sent).not.toContain(hidden);
});

test("an agent or session sees nothing of exports and sends nothing again", async () => {
  const { edge } = running;
  const { token } = await edge.open("helper");
  for (const credential of [token, await edge.assertion("helper")]) {
    for (const path of ["/v1/exports", "/v1/exports/all/dead", "/metrics"])
      expect(await edge.call(path, { token: credential })).toMatchObject({ status: 401 });
    const again = { method: "POST", token: credential } as const;
    expect(await edge.call("/v1/exports/all/requeue", again)).toMatchObject({ status: 401 });
  }
});

test("what an agent writes ends no line and no message of an export", async () => {
  const { edge } = running;
  const { token } = await edge.open("bot");
  const id = '=HYPERLINK("//evil")\n{"record":{}}\r\nwebhook-id: x\u001b[2J\u2028';
  const { decision_id } = await edge.decide(token, { action: "tock", args: { id }, intent: id });
  await edge.call("/v1/session", { method: "DELETE", token });
  await until("it went out", () => receiver.taken.some(({ body }) => body.includes(decision_id)));
  const lines = receiver.taken.flatMap(({ body }) => body.split("\n")).filter((line) => line.includes(decision_id));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ record: { intent: id }, args: JSON.stringify({ id }) });
});
