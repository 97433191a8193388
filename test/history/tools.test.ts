/** What gateways saw of tools is decided again as they saw it, and with what a new policy has reviewed. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLogs, whatIf } from "../../compiler/index.ts";
import { prepare, type Table } from "../../engine/index.ts";
import { startGateways } from "../edge-http/gateway-under-test.ts";
import type { Gateways } from "../edge-http/gateway-under-test.ts";
import { personOfCorp } from "../edge-http/tokens-of-corp.ts";

let gateways: Gateways;
let log: readonly string[];

beforeAll(async () => {
  gateways = await startGateways();
  const opened = await gateways.openFor("bot");
  const token = String(opened.body["token"]);
  const find = { action: "crm.find_contact", args: { name: "kim" } };
  for (const tool_sha256 of [gateways.tool, "0".repeat(64)]) await gateways.ask(token, { ...find, tool_sha256 });
  await gateways.ask(token, find);
  const { id } = opened.body["session"] as { id: string };
  const auditor = await personOfCorp(gateways.corp);
  const { text } = await gateways.production.call(`/v1/sessions/${id}/records`, { token: auditor });
  log = text.trim().split("\n");
});
afterAll(() => gateways.stop());

function tried(change: (table: string) => string): ReturnType<typeof whatIf> {
  return whatIf(prepare(JSON.parse(change(gateways.table())) as Table), readLogs(log));
}

test("under the policy that decided nothing changes", () => {
  const { changes, decided } = tried((table) => table);
  // The opening is one of them.
  expect({ changes, decided }).toEqual({ changes: [], decided: 4 });
});

test("a policy that has reviewed another tool refuses what was allowed, and allows what was refused", () => {
  const { changes } = tried((table) => table.replaceAll(gateways.tool, "0".repeat(64)));
  expect(changes.map(({ was, kind, reason }) => [was, kind, reason])).toEqual([
    ["allow", "denied", "tool_changed"],
    ["deny", "allowed", "rule"],
  ]);
});
