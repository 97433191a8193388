/** Breakers, outcomes and roles in a tree of sessions: what counts together, and what is each one's own. */
import { describe, expect, test } from "vitest";
import { beDenied, breaker, denied, switchesOf } from "./breaking.ts";
import { callerOf, openBelow } from "./delegating.ts";
import { eachAlone } from "./each-alone.ts";
import { asked, askForRole, voteOn } from "./elevating.ts";
import { eventually } from "./eventually.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import { openSession, type OpenSession, remainder, unique } from "./requests.ts";
import type { Below } from "./delegating.ts";

let root: OpenSession;
let below: Below;

eachAlone(async () => {
  root = await openSession(unique("lead"));
  below = await openBelow(root, unique("writer"));
});

const callers = () => [{ agent: root.agent, granted: true as const }];
const fail = (breakers: Parameters<typeof beDenied>[1], of: OpenSession = root) =>
  beDenied(of, breakers, { remainder: remainder([], of === root ? {} : { callers: callers() }) });

async function untilStopped(session: OpenSession, reason: string): Promise<void> {
  await eventually(async () => expect(await session.answer()).toMatchObject({ decision: "deny", reason }));
}

describe("breakers", () => {
  test("per session count the tree as one and freeze it as one, by a switch on its root", async () => {
    const runaway = [breaker("runaway", denied(3), "session")];
    await fail(runaway);
    await fail(runaway, below);
    await fail(runaway, below);
    expect(await root.answer()).toMatchObject({ reason: "frozen" });
    expect(await below.answer()).toMatchObject({ reason: "frozen" });
    await eventually(async () => expect(await switchesOf(root.id)).toHaveLength(1));
    const trip = (await recordsOf(root)).find(({ record }) => record.kind === "breaker.tripped")?.record;
    expect(trip).toMatchObject({ session: below.id, chain: [root.agent, below.agent] });
  });

  test("per agent count for the one that acts, and kill that one", async () => {
    const wild = [breaker("wild", denied(3), "agent")];
    await fail(wild);
    await fail(wild);
    for (const _ of [1, 2, 3]) await fail(wild, below);
    await untilStopped(below, "killed");
    expect(await switchesOf(below.agent)).toHaveLength(1);
    expect(await switchesOf(root.agent)).toEqual([]);
    expect(await root.answer()).toMatchObject({ decision: "allow" });
    expect(kindsOf(await recordsOf(root)).filter((kind) => kind === "breaker.tripped")).toHaveLength(1);
  });
});

describe("outcomes", () => {
  const report = (of: OpenSession, decision: string) =>
    of.rpc.outcome({ ...callerOf(of), decision, status: "ok", digest: null, labels: ["seen"], breakers: [] });

  test("are told by the session that acted and by no other of its tree, and label all of it", async () => {
    const { decision_id } = await below.answer();
    expect(await report(root, decision_id)).toEqual({ refused: "not_found" });
    expect(await report(below, decision_id)).toEqual({ reported: true, labels: ["seen"] });
    expect(await root.rpc.state(callerOf(root))).toMatchObject({ labels: ["seen"] });
  });
});

describe("roles", () => {
  test("that the root gained are not there below it, and aren't asked for there", async () => {
    await voteOn(root, await asked(root));
    expect(await root.rpc.state(callerOf(root))).toMatchObject({ roles: [{ role: "cleaner" }] });
    expect(await below.rpc.state(callerOf(below))).toMatchObject({ roles: [] });
    const { session, chain } = callerOf(below);
    expect(await askForRole(below, { session, chain })).toMatchObject({ asked: false, reason: "not_delegated" });
  });
});
