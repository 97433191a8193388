/** `audit what-if`, `audit unused` and `replay`, run as a person would, against an edge in which something happened. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentpolicy, type Folder, folderWith, type Ran } from "../cli/run-command.ts";
import { type EdgeUnderTest, startTestEdge, tableText } from "../edge-http/edge-under-test.ts";
import { policyText } from "../edge-http/policy-text.ts";
import { EVERYTHING, lived, pulled } from "./lived-edge.ts";

let edge: EdgeUnderTest;
let folder: Folder;
let log: readonly string[];
let access: readonly string[];

beforeAll(async () => {
  edge = await lived();
  log = await pulled(edge);
  const policy = policyText(edge.agents.public, EVERYTHING);
  const next = policy.replace("allow  web.fetch", "ask    web.fetch via lead_review");
  folder = folderWith({ "now.agentpolicy": policy, "next.agentpolicy": next, "log.ndjson": `${log.join("\n")}\n` });
  const token = await edge.edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
  access = ["--edge", edge.url, "--token", token];
}, 120_000);
afterAll(async () => {
  await edge.edge.stop();
  folder[Symbol.dispose]();
});

const here = (...args: string[]): Promise<Ran> => agentpolicy(args, { cwd: folder.path, env: { COLUMNS: "80" } });
const sessions = (): readonly string[] => [
  ...new Set(log.map((line) => (JSON.parse(line) as { readonly record: { readonly session: string } }).record.session)),
];

describe("audit what-if", () => {
  test("shows what would change, from files", async () => {
    const { code, stdout, stderr } = await here("audit", "what-if", "--policy", "next.agentpolicy", "log.ndjson");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^newly asked helper web\.fetch: 2 requests allowed then\n/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("not decided: arguments hold a secret or a find");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("and from the edge, as data", async () => {
    const { code, stdout } = await here("audit", "what-if", "--policy", "now.agentpolicy", "--json", ...access);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ changes: [], span: { unreadable: 0 } });
  });

  test("and from the edge, of an agent that its policy has no more", async () => {
    const before = await startTestEdge();
    try {
      const token = await before.edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
      const opened = await before.open("helper");
      await before.decide(opened.token, { action: "web.fetch", args: { url: "https://a.example/" } });
      // What isn't anchored yet, a minute at most, is found by the agents of the policy alone.
      await before.call(`/v1/audit/proof?session=${opened.session.id}`, { token });
      const others = new Map([...before.agents.public].filter(([name]) => name !== "helper"));
      await before.edge.reload(tableText({ ...before.agents, public: others }));
      using own = folderWith({ "p.agentpolicy": policyText(before.agents.public, {}) });
      const at = ["--edge", before.url, "--token", token];
      const { stdout } = await agentpolicy(["audit", "what-if", "--policy", ".", "--json", ...at], { cwd: own.path });
      expect(JSON.parse(stdout)).toMatchObject({ changes: [], span: { logs: 1 } });
    } finally {
      await before.edge.stop();
    }
  });

  test("a file that holds no records is said to be none", async () => {
    const ran = await here("audit", "what-if", "--policy", "now.agentpolicy", "now.agentpolicy");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain("no line of these files is a record");
  });
});

describe("audit unused", () => {
  test("lists what nobody used, and its patch takes away only that", async () => {
    const { code, stdout, stderr } = await here("audit", "unused", "now.agentpolicy", "--log", "log.ndjson");
    expect(code).toBe(0);
    expect(stderr).toMatch(/looked at \d+ records of 12\s+sessions/);
    expect(stderr).not.toContain("files.read of role worker: stays, since it restricts");
    expect(stdout).toContain("--- a/now.agentpolicy");
    const taken = stdout.split("\n").filter((line) => /^-[^-]/.test(line));
    expect(taken.map((line) => line.slice(1).trim())).toEqual([
      "allow  spare",
      "/// For a place that nobody goes to.",
      'allow  files.read on "files/never/**"',
    ]);
    expect(stdout.split("\n").filter((line) => /^\+[^+]/.test(line))).toEqual([]);
    writeFileSync(join(folder.path, "unused.patch"), stdout);
    using changed = folderWith({ "now.agentpolicy": readFileSync(join(folder.path, "now.agentpolicy"), "utf8") });
    execFileSync("git", ["apply", join(folder.path, "unused.patch")], { cwd: changed.path });
    expect(await agentpolicy(["compile", "now.agentpolicy"], { cwd: changed.path })).toMatchObject({ code: 0 });
    const log = join(folder.path, "log.ndjson");
    const again = await agentpolicy(["audit", "unused", "now.agentpolicy", "--log", log], { cwd: changed.path });
    expect(again.stdout).toBe("");
    expect(again.stderr).toContain("nothing can be taken away");
  });

  test("looks no further back than asked, and says so for an agent without records", async () => {
    const { stdout } = await here("audit", "unused", "now.agentpolicy", "--since", "0h", "--json", ...access);
    const report = JSON.parse(stdout) as { readonly agents: readonly { readonly records: number }[] };
    expect(report.agents.map(({ records }) => records)).toEqual([0, 0, 0]);
  });
});

describe("replay", () => {
  const replayed = new Map<string, Promise<Ran>>();
  /** What the command prints of a session, which nothing changes any more. */
  const replay = (session: string): Promise<Ran> => {
    const ran = replayed.get(session) ?? here("replay", session, ...access);
    replayed.set(session, ran);
    return ran;
  };

  test.each([0, 1, 2, 3, 4, 5])("session %i stands within 80 columns, each record once", async (at) => {
    const session = sessions()[at] ?? "";
    const { code, stdout } = await replay(session);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const { steps } = JSON.parse((await here("replay", session, "--log", "log.ndjson", "--json")).stdout) as {
      readonly steps: readonly { readonly seq: number }[];
    };
    expect(stdout.match(/^\d\d:\d\d:\d\d\.\d{3} +\d+ /gm)).toHaveLength(steps.length);
    expect(steps.map(({ seq }) => seq)).toEqual(steps.map((_, index) => index + 1));
  });

  test("tells who voted, what was labelled and why something was denied", async () => {
    let all = "";
    for (const session of sessions()) all += (await replay(session)).stdout;
    for (const part of [
      "lea@corp.example said yes",
      "lea@corp.example said no",
      "labels + untrusted",
      "the approval was used",
    ])
      expect(all).toContain(part);
    expect(all).toMatch(/deny {2}tick[^]*limit_exceeded: /);
  });

  test("says rules and limits in the policy's words at the edge, and by their ids without it", async () => {
    const session =
      sessions().find((each) => log.some((line) => line.includes(each) && line.includes('"rules":["r_'))) ?? "";
    const { stdout } = await replay(session);
    expect(stdout).toMatch(/^ {24}by (allow|notify|ask|never) [a-z*]/m);
    expect(stdout).not.toMatch(/\b[lr]_[0-9a-f]{12}\b/);
    expect((await here("replay", session, "--log", "log.ndjson")).stdout).toMatch(/^ {24}by r_[0-9a-f]{12}$/m);
  });

  test("what an agent wrote moves no cursor", async () => {
    const { stdout } = await replay(sessions()[1] ?? "");
    expect(stdout).toContain("\\u{202e}");
    // oxlint-disable-next-line no-control-regex -- finding such characters is the purpose
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test("a session that isn't there is wrong usage", async () => {
    expect(await here("replay", "ses_none", "--log", "log.ndjson")).toMatchObject({ code: 2, stdout: "" });
    const board = await here("replay", "board", ...access);
    expect([board.code, board.stderr]).toEqual([2, expect.stringContaining("`agentpolicy switches --history`")]);
  });
});
