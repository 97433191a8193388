/** What an edge of this machine decided, decided again from nothing but what `audit pull` gives. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLogs, whatIf } from "../../compiler/index.ts";
import { type Policy, prepare, type Table } from "../../engine/index.ts";
import type { EdgeUnderTest } from "../edge-http/edge-under-test.ts";
import { compiledTable } from "../harness/compiled-table.ts";
import { policyText } from "../edge-http/policy-text.ts";
import { EVERYTHING, lived, pulled } from "./lived-edge.ts";

let edge: EdgeUnderTest;
let log: readonly string[];

beforeAll(async () => {
  edge = await lived();
  log = await pulled(edge);
}, 120_000);
afterAll(() => edge.edge.stop());

function policyOf(change: (text: string) => string): Policy {
  const text = policyText(edge.agents.public, EVERYTHING);
  const changed = change(text);
  return prepare(JSON.parse(compiledTable(changed)) as Table);
}

const same = (text: string): string => text;
const without = (line: string) => (text: string) => {
  if (!text.includes(line)) throw new Error(`the policy has no \`${line}\``);
  return text.replace(line, "");
};
const swap = (from: string, to: string) => (text: string) => {
  if (!text.includes(from)) throw new Error(`the policy has no \`${from}\``);
  return text.replace(from, to);
};

const tried = (change: (text: string) => string, lines: readonly string[] = log) =>
  whatIf(policyOf(change), readLogs(lines));

describe("under the policy that decided", () => {
  test("nothing changes, and only secrets can't be decided again", () => {
    const report = tried(same);
    expect(report.changes).toEqual([]);
    expect(report.decided).toBeGreaterThan(45);
    expect(report.undecided.map(({ why }) => why)).toEqual([
      "arguments hold a secret or a find, which is never recorded",
      "a number in the arguments isn't recorded as it was written",
    ]);
    expect(report.stopped).toEqual([
      { why: "session_expired", count: 1 },
      { why: "killed", count: 1 },
      { why: "frozen", count: 1 },
    ]);
  });

  test("nor where only one session's log is there, in any order of the sessions", () => {
    const logs = bySession();
    expect(logs.size).toBeGreaterThan(4);
    for (const [session, lines] of logs)
      expect({ session, changes: tried(same, lines).changes }).toEqual({ session, changes: [] });
    const turned = [...logs.values()].toReversed().flat();
    expect(tried(same, turned).changes).toEqual([]);
  });

  test("what was erased is said to be undecided, and nothing that comes after is guessed", () => {
    const erased = log.map((line) => JSON.stringify({ ...(JSON.parse(line) as object), args: null }));
    const report = tried(same, erased);
    expect(report.changes).toEqual([]);
    expect(report.undecided.map(({ why }) => why)).toContain("arguments were erased");
  });

  test("a log that begins in the middle decides nothing", () => {
    const [lines = []] = bySession().values();
    const report = tried(same, lines.slice(1));
    expect(report).toMatchObject({ decided: 0, changes: [] });
    expect(report.undecided[0]?.why).toBe("the log doesn't begin with the session's first record");
  });
});

describe("under another policy", () => {
  test("a grant that is gone denies what it had allowed", () => {
    expect(tried(without("allow  files.read\n")).changes).toMatchObject([
      { kind: "denied", was: "allow", agent: "bot", action: "files.read", reason: "no_rule" },
    ]);
  });

  test("a rule that asks instead", () => {
    const { changes } = tried(swap("allow  web.fetch", "ask    web.fetch via lead_review"));
    expect(changes).toMatchObject([
      { kind: "asked", was: "allow", action: "web.fetch", rules: ["ask web.fetch via lead_review"] },
    ]);
  });

  test("a higher limit admits as many more as it says, and not all that was denied", () => {
    const { changes, counted_here } = tried(
      swap("limit  tick to 3 in 1h per agent", "limit  tick to 5 in 1h per agent"),
    );
    expect(changes).toMatchObject([{ kind: "allowed", was: "deny", action: "tick", count: 2 }]);
    expect(counted_here).toEqual([]);
  });

  test("a lower limit denies what is over it", () => {
    const { changes } = tried(swap("limit  tick to 3 in 1h per agent", "limit  tick to 1 in 1h per agent"));
    expect(changes).toMatchObject([
      { kind: "denied", was: "allow", action: "tick", count: 2, reason: "limit_exceeded" },
    ]);
    const [again = ""] = /(?<=again from )\S+$/.exec(changes[0]?.message ?? "") ?? [];
    expect(Date.parse(again)).toBeGreaterThan(Date.parse(changes[0]?.example.at ?? ""));
  });

  test("a limit that sessions share admits more, and of those no more than it says", () => {
    const { changes } = tried(swap("to 100 in 1h per fleet, args.item", "to 110 in 1h per fleet, args.item"));
    expect(changes).toMatchObject([{ kind: "allowed", was: "deny", agent: "helper", action: "rent", count: 1 }]);
  });

  test("a limit that asks nobody any more denies, also what people had said yes to", () => {
    const { changes } = tried(
      swap("limit  rent to 2 in 1h per agent then ask via lead_review", "limit  rent to 2 in 1h per agent"),
    );
    expect(changes.map(({ kind, was, agent, count }) => `${kind} ${was} ${agent} ${count}`).toSorted()).toEqual([
      "denied allow bot 1",
      "denied ask bot 2",
    ]);
  });

  test("a new limit is counted over the log, and says so", () => {
    const report = tried(swap("allow  tock", "allow  tock\n  limit  tock to 2 per session"));
    expect(report.changes).toMatchObject([{ kind: "denied", was: "allow", action: "tock", count: 2 }]);
    expect(report.counted_here).toEqual(["limit tock to 2 per session"]);
  });

  test("a label that the new policy gives restricts what came after it", () => {
    const change = (text: string): string =>
      swap(
        "action tock()",
        "action tock() yields untrusted",
      )(text).replace(
        "never  mail when session has untrusted",
        "never  mail when session has untrusted\n  never  tick when session has untrusted",
      );
    expect(tried(change).changes.map(({ kind, action }) => `${kind} ${action}`)).toContain("denied mail");
  });

  test("an approval whose terms changed isn't taken for given", () => {
    const report = tried(swap("approvers leads\n", "approvers leads, ops\n  quorum 2\n"));
    expect(report.changes).toEqual([]);
    expect(report.undecided.map(({ why }) => why)).toContain(
      "hangs on whether approval `lead_review` would have been given under its other terms",
    );
  });

  test("what nobody has to ask for any more is allowed at once, and once", () => {
    const report = tried(swap("ask    files.write via lead_review", "allow  files.write"));
    expect(report.changes.every(({ kind, action }) => kind === "allowed" && action === "files.write")).toBe(true);
    expect(report.changes.map(({ was }) => was).toSorted()).toEqual(["ask", "deny"]);
  });

  test("what was delegated no more, what isn't gained any more, and what was done under it", () => {
    const { changes } = tried(without("  may call helper for tock, web.fetch, plan\n"));
    expect(changes.map(({ kind, action, reason }) => `${kind} ${action} ${reason}`)).toEqual([
      "denied plan not_delegated",
      "denied session.open not_delegated",
      "denied tock not_delegated",
      "denied web.fetch not_delegated",
    ]);
    const gone = tried(without("  may become cleaner via lead_review for 30m\n"));
    expect(gone.changes.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      "denied become cleaner",
      "denied scrub",
      "allowed buy",
    ]);
  });

  test("a role that is offered to one more agent would be put to people", () => {
    const offer = "agent helper {\n  may become cleaner via lead_review for 30m";
    const { changes } = tried(swap("agent helper {", offer));
    expect(changes.map(({ kind, was, agent, action }) => `${kind} ${was} ${agent} ${action}`)).toContain(
      "asked deny helper become cleaner",
    );
  });

  test("a task that was withheld is named, never taken for its own words", () => {
    const hidden = "withheld: 40 characters, in which secrets were found";
    const opened = log.map((line) => {
      const { record, args } = JSON.parse(line) as { record: { kind: string; task?: string | null }; args: unknown };
      const isTold = record.kind === "session.opened" && typeof record.task === "string";
      return isTold ? JSON.stringify({ record: { ...record, task: hidden }, args }) : line;
    });
    expect(opened).not.toEqual([...log]);
    const { changes, undecided } = tried(same, opened);
    expect(changes).toEqual([]);
    expect(undecided.map(({ why }) => why)).toContain("the record doesn't hold `task`");
  });

  test("what no record tells is named", () => {
    expect(tried(same).not_recorded).toContain("openings of sessions that were refused");
  });

  test("a fact that nobody recorded is named, never guessed", () => {
    const { changes, undecided } = tried(swap("allow  tock", 'allow  tock when request.country == "DE"'));
    expect(changes).toEqual([]);
    expect(undecided.map(({ why }) => why)).toContain("the record doesn't hold `request.country`");
  });

  test("an agent that is gone opens nothing and does nothing", () => {
    const { changes } = tried((text) => text.replace(/agent clerk \{[^]*?\n\}/, ""));
    expect(changes.every(({ kind, agent }) => kind === "denied" && agent === "clerk")).toBe(true);
    expect(changes.map(({ action }) => action)).toContain("session.open");
  });
});

function bySession(): ReadonlyMap<string, string[]> {
  const logs = new Map<string, string[]>();
  for (const line of log) {
    const { record } = JSON.parse(line) as { readonly record: { readonly session: string } };
    logs.set(record.session, [...(logs.get(record.session) ?? []), line]);
  }
  return logs;
}
