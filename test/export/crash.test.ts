/** An edge that is killed while it exports: nothing that the ledger took is lost or skipped. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRunning } from "../../cli/local/processes.ts";
import { type LocalEdge, startEdge } from "../../cli/local/start-edge.ts";
import { EdgeUnderTest, makeAgents, tableText } from "../edge-http/edge-under-test.ts";
import type { AgentKeys } from "../harness/agent-keys.ts";
import { until } from "../harness/until.ts";
import { EXPORTED_POLICY, live, type RecordLine, recordsOf } from "./exporting-edge.ts";
import { type Received, type Receiver, startReceiver } from "./receiver.ts";

const KILLS = Number(process.env["EXPORT_KILLS"] ?? 3);

let receiver: Receiver;
let directory: string;
let agents: AgentKeys;
let table: string;
let asked = 0;
const children: ChildProcess[] = [];

beforeAll(async () => {
  // Of three batches one isn't taken, and one is whose answer gets lost.
  receiver = await startReceiver({ judge: () => (["cut", "lost", null] as const)[asked++ % 3] ?? null });
  directory = mkdtempSync(join(tmpdir(), "export-crash-"));
  agents = await makeAgents();
  table = tableText(agents, EXPORTED_POLICY);
  writeFileSync(join(directory, "table.json"), table);
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await receiver.close();
  rmSync(directory, { recursive: true, force: true });
});

const bindings = (): { readonly EXPORTS: string } => ({
  EXPORTS: JSON.stringify([
    {
      name: "lake",
      kind: "http",
      url: receiver.url,
      format: "records",
      batch: 3,
      retry: { attempts: 500, first: 0.1, longest: 0.3 },
    },
  ]),
});

async function startInChild(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const script = join(import.meta.dirname, "../edge-http/run-edge.ts");
  const args = [join(directory, "table.json"), join(directory, "state"), "0", JSON.stringify(bindings())];
  const child = spawn(process.execPath, ["--conditions=agentpolicy-source", script, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
    child.once("exit", (code) => reject(new Error(`the edge ended with ${code}`)));
  });
  return { child, url };
}

async function killed(child: ChildProcess): Promise<void> {
  const { runtime } = JSON.parse(readFileSync(join(directory, "state/lock"), "utf8")) as { readonly runtime: number[] };
  child.kill("SIGKILL");
  await until("the runtime is gone", () => !runtime.some((pid) => isRunning(pid)));
}

const hashesOf = ({ body }: Received): readonly string[] =>
  body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as RecordLine).record.hash);

test("every record arrives at least once, those of one session in their order", async () => {
  const sessions: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const { child, url } = await startInChild();
    const edge = new EdgeUnderTest({ url } as LocalEdge, agents, table);
    const before = receiver.asked.length;
    sessions.push(
      ...(await Promise.all(["bot", "helper"].map((agent) => live({ edge }, ["a", "b", "c", "d"], agent)))),
    );
    await until("it exports", () => receiver.asked.length > before + kill);
    await killed(child);
  }
  const edge = await startEdge({ table, directory: join(directory, "state"), bindings: bindings() });
  const running = { edge: new EdgeUnderTest(edge, agents, table) };
  try {
    for (const session of sessions) {
      const lines = (await recordsOf(running, session)).map((line) => JSON.parse(line) as RecordLine);
      const places = new Map(lines.map(({ record }) => [record.hash, record.seq]));
      const arrived = (): readonly number[] =>
        receiver.taken.flatMap(hashesOf).flatMap((hash) => places.get(hash) ?? []);
      await until(`${session} arrived`, () => new Set(arrived()).size === lines.length, { longest: 90_000 });
      let next = 1;
      for (const seq of arrived()) {
        expect(seq).toBeLessThanOrEqual(next);
        next = Math.max(next, seq + 1);
      }
    }
  } finally {
    await edge.stop();
  }
}, 240_000);
