/** That kill switches can't be looked at before a deployment is said, and holds up nothing. */
import { afterEach, expect, test, vi } from "vitest";
import { noteIdleSwitches } from "../../cli/idle-switches.ts";
import { sha256Hex } from "../../edge/digest.ts";
import { readTable } from "../../engine/index.ts";
import { connectPerson } from "../../sdk/index.ts";
import { compiledTable } from "../harness/compiled-table.ts";

afterEach(() => vi.restoreAllMocks());

const POLICY = 'policy "small" {\n  session lifetime 1h idle 30m\n  lease 10s\n}\naction a.read() is read on none\n';

test("an edge that doesn't answer is said to be the reason", async () => {
  const said: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const read = readTable(JSON.parse(compiledTable(POLICY)), sha256Hex);
  if (!read.ok) throw new Error("no table");
  await noteIdleSwitches(connectPerson({ edge: "http://127.0.0.1:9", token: "x", timeout: 1_000 }), read.table);
  const text = said.join("").replaceAll(/\s+/g, " ");
  expect(text).toMatch(/^which kill switches name nothing in this policy can't be told: .*127\.0\.0\.1:9/);
});
