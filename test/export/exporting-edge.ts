/** An edge that exports to receivers beside it, and can be stopped and started again where it stood. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEdge } from "../../cli/local/start-edge.ts";
import { EdgeUnderTest, makeAgents, tableText } from "../edge-http/edge-under-test.ts";
import type { AgentKeys } from "../harness/agent-keys.ts";

/** Something that is granted, with a text of the agent's. */
export const EXPORTED_POLICY = {
  rules: "  allow  tock",
  more: "action tock(id: string(max 200)) is write on none",
};

interface Running {
  readonly edge: EdgeUnderTest;
}

export interface ExportingEdge {
  edge: EdgeUnderTest;
  /** @param sinks others than before; absent: the same */
  restart(sinks?: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

/** @param sinks as `EXPORTS` holds them; @param secrets by name */
export async function startExportingEdge(
  sinks: readonly object[],
  secrets: { readonly [name: string]: string } = {},
): Promise<ExportingEdge> {
  const directory = mkdtempSync(join(tmpdir(), "exports-"));
  const agents: AgentKeys = await makeAgents();
  const table = tableText(agents, EXPORTED_POLICY);
  let bindings = { EXPORTS: JSON.stringify(sinks), ...secrets };
  const start = async (): Promise<EdgeUnderTest> =>
    new EdgeUnderTest(await startEdge({ table, directory, bindings }), agents, table);
  const running = {
    edge: await start(),
    restart: async (others: readonly object[] = sinks) => {
      bindings = { EXPORTS: JSON.stringify(others), ...secrets };
      await running.edge.edge.stop();
      running.edge = await start();
    },
    stop: async () => {
      await running.edge.edge.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return running;
}

/** What agents do in one session, closed at the end so that its records are handed over at once. */
export async function live({ edge }: Running, ids: readonly string[], agent = "bot"): Promise<string> {
  const { token, session } = await edge.open(agent);
  for (const id of ids) await edge.decide(token, { action: "tock", args: { id } });
  await edge.decide(token, { action: "files.read", args: { file: "secret/a" } });
  await edge.call("/v1/session", { method: "DELETE", token });
  return session.id;
}

export interface RecordLine {
  readonly record: {
    readonly [name: string]: unknown;
    readonly session: string;
    readonly seq: number;
    readonly hash: string;
  };
  readonly args: string | null;
}

export function auditorToken({ edge }: Running): Promise<string> {
  return edge.edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
}

/** As `audit pull` gives them. */
export async function recordsOf(running: Running, session: string): Promise<readonly string[]> {
  const token = await auditorToken(running);
  const { text } = await running.edge.call(`/v1/sessions/${session}/records`, { token });
  return text.split("\n").filter((line) => line !== "");
}
