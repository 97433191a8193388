import { evictAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { shardOf } from "../../edge/objects/env.ts";
import { headOf } from "../../edge/objects/ledger/take.ts";
import { BOARD_LOG } from "../../edge/rpc.ts";
import { verifyRecords } from "../../sdk/index.ts";
import { eachAlone } from "./each-alone.ts";
import { cut, mend } from "./gates.ts";
import { bindings, openSession, operator, switchboard, unique } from "./requests.ts";

eachAlone();

interface BoardLine {
  readonly record: { readonly kind: string; readonly [field: string]: unknown };
}

const boardStub = () => bindings.SWITCHBOARD.get(bindings.SWITCHBOARD.idFromName("switchboard"));
const shardStub = () => bindings.LEDGER.get(bindings.LEDGER.idFromName(`ledger-${shardOf(BOARD_LOG)}`));
const taken = () => runInDurableObject(shardStub(), (_, { storage }) => headOf(storage.sql, BOARD_LOG).seq);

async function records(): Promise<readonly BoardLine["record"][]> {
  const output = await switchboard().records({ sequence: 1, after: 0, limit: 500 });
  if (!("lines" in output)) throw new Error(`no records: ${JSON.stringify(output)}`);
  expect(await verifyRecords(output.lines)).toMatchObject({ ok: true });
  return output.lines.map((line) => (JSON.parse(line) as BoardLine).record);
}

async function newest(count: number): Promise<readonly BoardLine["record"][]> {
  return (await records()).slice(-count);
}

/** Half a minute later. */
async function ring(): Promise<void> {
  vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
  await runDurableObjectAlarm(boardStub());
}

test("switches, edits of live sets and deployments stand in a chain of the Switchboard's own", async () => {
  const bot = unique("bot");
  const policy = unique("sha256:policy");
  await openSession(bot);
  const flip = { sequence: 1, scope: "agent" as const, name: bot, reason: "odd", by: operator };
  await switchboard().learnDeployment({ sequence: 1, policy });
  const flipped = await switchboard().flip(flip);
  await switchboard().lift({ ...flip, reason: "looked into it", id: null });
  const edit = { sequence: 1, name: unique("blocked"), reason: "a customer asked", by: operator };
  await switchboard().editSet({ ...edit, add: ["a", "b"], remove: [] });
  await switchboard().editSet({ ...edit, add: ["b"], remove: ["a"] });
  const by = "olga@acme.example";
  expect(await newest(5)).toMatchObject([
    { kind: "policy.deployed", deployed: policy, policy, sequence: 1, session: "board", agent: null, chain: [] },
    { kind: "switch.flipped", policy, switch: { scope: "agent", name: bot, reason: "odd", by } },
    { kind: "switch.lifted", scope: "agent", name: bot, reason: "looked into it", by },
    { kind: "set.edited", set: edit.name, added: ["a", "b"], removed: [], by, reason: "a customer asked" },
    { kind: "set.edited", set: edit.name, added: [], removed: ["a"] },
  ]);
  const [, flip_record, lift_record] = await newest(5);
  const { id } = (flipped as { switch: { id: string } }).switch;
  expect([flip_record?.["switch"], lift_record?.["switches"]]).toEqual([expect.objectContaining({ id }), [id]]);
});

test("a deployment is recorded once, however many Workers tell of it; another policy under its number is another", async () => {
  const policy = unique("sha256:once");
  const before = (await records()).length;
  await switchboard().learnDeployment({ sequence: 1, policy });
  await evictAllDurableObjects();
  await switchboard().learnDeployment({ sequence: 1, policy });
  expect(await records()).toHaveLength(before + 1);
  await switchboard().learnDeployment({ sequence: 1, policy: unique("sha256:other") });
  expect(await records()).toHaveLength(before + 2);
});

test("what was refused is no record", async () => {
  const before = (await records()).length;
  await switchboard().flip({ sequence: 1, scope: "agent", name: "x", reason: " ", by: operator });
  await switchboard().lift({ sequence: 1, scope: "agent", name: "nobody", reason: "r", by: operator, id: null });
  const add = Array.from({ length: 10_001 }, (_, index) => String(index));
  await switchboard().editSet({ sequence: 1, name: unique("large"), add, remove: [], reason: "r", by: operator });
  expect(await records()).toHaveLength(before);
});

test("it is handed over to the ledger like a session's, and kills don't wait for that", async () => {
  cut("ledger.before");
  const bot = unique("bot");
  const session = await openSession(bot);
  await switchboard().flip({ sequence: 1, scope: "agent", name: bot, reason: "odd", by: operator });
  expect(await session.answer()).toMatchObject({ reason: "killed" });
  await ring();
  const held = await taken();
  expect(held).toBeLessThan((await records()).length);
  mend("ledger.before");
  await evictAllDurableObjects();
  await ring();
  expect(await taken()).toBe((await records()).length);
});
