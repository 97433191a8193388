import { expect, test, vi } from "vitest";
import { eachAlone } from "./each-alone.ts";
import { cut } from "./gates.ts";
import { allowing, ana, openSession, remainder, row, rule, switchboard, unique } from "./requests.ts";

eachAlone();

const LEASE = 10_000;

/** Granted for members of the set. */
function member(set: string, value = "acme") {
  return remainder([row(rule("allow"), { op: "live_has", set, value })]);
}

async function edit(name: string, change: { readonly add?: string[]; readonly remove?: string[] }): Promise<void> {
  await switchboard().editSet({ sequence: 1, name, add: [], remove: [], reason: "a test", by: ana, ...change });
}

test("a set that can't be read is unknown: it never grants and always restricts", async () => {
  const name = unique("set");
  await edit(name, { add: ["acme"] });
  const session = await openSession(unique("bot"));
  cut("set.grant");
  expect(await session.answer({ remainder: member(name) })).toMatchObject({ decision: "deny", reason: "unknown_fact" });
  const blocked = remainder([row(rule("allow")), row(rule("never"), { op: "live_has", set: name, value: "other" })]);
  expect(await session.answer({ remainder: blocked })).toMatchObject({ decision: "deny" });
  expect(await session.answer({ remainder: allowing() })).toMatchObject({ decision: "allow" });
});

test("what was read is relied upon no longer than the lease", async () => {
  const name = unique("set");
  await edit(name, { add: ["acme"] });
  const session = await openSession(unique("bot"));
  expect((await session.answer({ remainder: member(name) })).decision).toBe("allow");
  cut("set.grant");
  expect((await session.answer({ remainder: member(name) })).decision).toBe("allow");
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + LEASE + 1);
  expect(await session.answer({ remainder: member(name) })).toMatchObject({ decision: "deny", reason: "unknown_fact" });
});

test("sessions pass on what is left of the agent's own copy", async () => {
  const name = unique("set");
  const bot = unique("bot");
  await edit(name, { add: ["acme"] });
  const [first, second] = [await openSession(bot), await openSession(bot)];
  expect((await first.answer({ remainder: member(name) })).decision).toBe("allow");
  await edit(name, { remove: ["acme"] });
  cut("set.grant");
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + LEASE / 2);
  expect((await second.answer({ remainder: member(name) })).decision).toBe("allow");
  vi.setSystemTime(Date.now() + LEASE / 2 + 1);
  expect((await second.answer({ remainder: member(name) })).decision).toBe("deny");
});

test("a set has a bound, and an edit beyond it changes nothing", async () => {
  const name = unique("set");
  const add = Array.from({ length: 10_000 }, (_, at) => `v${at}`);
  await edit(name, { add });
  const input = { sequence: 1, name, add: ["one more"], remove: [], reason: "a test", by: ana };
  expect(await switchboard().editSet(input)).toMatchObject({ refused: "conflict" });
  expect(await switchboard().editSet({ ...input, remove: ["v0"] })).toMatchObject({ name });
});
