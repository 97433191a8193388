/** What is pulled convinces a verifier that knows nothing but the documents, also after the key was rotated. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rotateLocal } from "../../cli/rotate/rotate-local.ts";
import { compiledFile } from "../harness/compiled-table.ts";
import { startLedger } from "./ledger-under-test.ts";
import type { LedgerUnderTest } from "./ledger-under-test.ts";
import { isSeq, recordOf, without } from "./pulled-log.ts";
import { FIRST_POLICY } from "./run-command.ts";
import { verifyAsThirdParty } from "./third-party-verifier.ts";

let ledger: LedgerUnderTest;
let key: string;

beforeAll(async () => {
  ledger = await startLedger();
  key = (await ledger.keys()).checkpoint_key.x;
});
afterAll(() => ledger.stop());

const recordsIn = (lines: readonly string[]): number => lines.filter((line) => recordOf(line) !== null).length;

test("a whole pull fits, and one of a session too", async () => {
  const records = recordsIn(ledger.whole);
  expect(verifyAsThirdParty(ledger.whole, [key])).toEqual({ records, signatures: 1, known: 1, anchors: 0 });
  await ledger.here("audit", "pull", "--session", ledger.first, "-o", "one.ndjson");
  expect(verifyAsThirdParty(ledger.read("one.ndjson"), [key])).toMatchObject({ records: 4, anchors: 1 });
});

test("what was changed, taken out or signed by somebody else doesn't", async () => {
  const { whole, second } = ledger;
  const edited = whole.map((line) => (isSeq(second, line, 2) ? line.replace("d-1", "d-9") : line));
  expect(() => verifyAsThirdParty(edited, [key])).toThrow("differ");
  const cut = without(whole, (line) => isSeq(second, line, 4));
  expect(() => verifyAsThirdParty(cut, [key])).toThrow("isn't in the tree");
  expect(() => verifyAsThirdParty(whole, ["A".repeat(43)])).toThrow("no key");
});

test("after a rotation the key of before and the new one each do", async () => {
  const directory = join(ledger.folder.path, ".agentpolicy");
  await rotateLocal(directory, "checkpoint", Math.floor(Date.now() / 1000), false);
  await ledger.edge.reload(compiledFile(join(FIRST_POLICY, "sales.agentpolicy")));
  await ledger.here("audit", "pull", "-o", "rotated.ndjson");
  const rotated = ledger.read("rotated.ndjson");
  const next = (await ledger.keys()).later.checkpoint[0]?.key.x ?? "";
  for (const given of [key, next])
    expect(verifyAsThirdParty(rotated, [given])).toMatchObject({ signatures: 2, known: 1 });
  expect(verifyAsThirdParty(rotated, [key, next])).toMatchObject({ signatures: 2, known: 2 });
  const said = await ledger.here("audit", "verify", "rotated.ndjson", "--key", key, "--kept", "earlier.ndjson");
  expect([said.code, said.stdout]).toEqual([0, expect.stringContaining("signed by a key that was given")]);
});
