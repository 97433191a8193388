import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readKeys } from "../../cli/local/edge-keys.ts";
import { isRunning } from "../../cli/local/processes.ts";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { personToken } from "../../cli/local/development-tokens.ts";
import { verifyRecords } from "../../sdk/index.ts";
import type { OpenSessionResponse } from "../../sdk/index.ts";
import type { AgentKeys } from "../harness/agent-keys.ts";
import { httpCall } from "../harness/http-call.ts";
import { until } from "../harness/until.ts";
import { EdgeUnderTest, makeAgents, tableText } from "./edge-under-test.ts";

let directory: string;
let table: string;
let agents: AgentKeys;
const children: ChildProcess[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "agentpolicy-crash-"));
  agents = await makeAgents();
  table = tableText(agents);
  writeFileSync(join(directory, "table.json"), table);
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

async function startInChild(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const script = join(import.meta.dirname, "run-edge.ts");
  const child = spawn(
    process.execPath,
    ["--conditions=agentpolicy-source", script, join(directory, "table.json"), join(directory, "state")],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
    child.once("exit", (code) => reject(new Error(`the edge ended with ${code}`)));
  });
  return { child, url };
}

/** Pays one after the other until the edge is gone. @param acknowledged gets the decisions that were */
async function payUntilGone(url: string, token: string, acknowledged: string[]): Promise<void> {
  for (;;) {
    try {
      const body = { action: "pay", args: { to: "kim", amount: "1" }, request_id: crypto.randomUUID() };
      const reply = await httpCall(url, "/v1/authorize", { method: "POST", token, body });
      if (reply.status === 200) acknowledged.push(String(reply.body["decision_id"]));
      else await new Promise((next) => setTimeout(next, 100));
    } catch {
      return;
    }
  }
}

describe("an edge that is killed in the middle of traffic", () => {
  let edge: LocalEdge | null = null;
  afterAll(() => edge?.stop());

  test("takes its runtime along, and holds every acknowledged decision, limit and switch at the next start", async () => {
    const { child, url } = await startInChild();
    const tools = new EdgeUnderTest({ url } as LocalEdge, agents, table);
    const opened = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const reply = await httpCall(url, "/v1/sessions", {
          method: "POST",
          token: await tools.assertion("bot"),
          body: {},
        });
        return reply.body as unknown as OpenSessionResponse;
      }),
    );
    const keys = await readKeys(join(directory, "state"));
    const operator = await personToken(keys, { email: "oda@corp.example" });
    const flipped = await httpCall(url, "/v1/switches/agent/helper", {
      method: "PUT",
      token: operator,
      body: { reason: "must outlive the crash" },
    });
    expect(flipped.status).toBe(202);
    const acknowledged = opened.map((): string[] => []);
    const paying = opened.map(({ token }, at) => payUntilGone(url, token, acknowledged[at] ?? []));
    await until("each pays many times", () => acknowledged.every(({ length }) => length > 10));
    const lock = JSON.parse(readFileSync(join(directory, "state/lock"), "utf8")) as { runtime: number[] };
    expect(lock.runtime.length).toBeGreaterThan(0);
    child.kill("SIGKILL");
    await Promise.all(paying);
    await until("its runtime is gone", () => !lock.runtime.some((pid) => isRunning(pid)));

    edge = await startEdge({ table, directory: join(directory, "state") });
    const after = new EdgeUnderTest(edge, agents, table);
    const auditor = await edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
    for (const [at, { session, token }] of opened.entries()) {
      const log = await after.call(`/v1/sessions/${session.id}/records`, { token: auditor });
      for (const id of acknowledged[at] ?? []) expect(log.text).toContain(id);
      expect(await verifyRecords(log.text.split("\n"))).toMatchObject({ ok: true });
      const recorded = log.text.split("\n").filter((line) => line.includes('"decision":"allow"')).length;
      const answers: string[] = [];
      for (const amount of ["50", "50"])
        answers.push((await after.decide(token, { action: "pay", args: { to: "kim", amount } })).decision);
      // 100 an hour: what was paid before the crash still counts.
      expect(answers).toEqual(recorded > 50 ? ["deny", "deny"] : recorded > 0 ? ["allow", "deny"] : ["allow", "allow"]);
    }
    const killed = await after.call("/v1/sessions", {
      method: "POST",
      token: await after.assertion("helper"),
      body: {},
    });
    expect([killed.status, killed.body["reason"]]).toEqual([200, "killed"]);
    const replayed = await after.call("/v1/switches", { token: operator });
    expect(replayed.body["switches"]).toHaveLength(1);
  });
});
