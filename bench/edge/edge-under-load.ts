/** The real Worker on plain workerd, with agents and open sessions. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleWorker, TABLE_MODULE } from "../../cli/local/bundle-worker.ts";
import { readKeys } from "../../cli/local/edge-keys.ts";
import { OBJECTS, workerVariables } from "../../cli/local/runtime-options.ts";
import { makeKeys, signAssertion, type AgentKeys } from "../../test/harness/agent-keys.ts";
import { compiledTable } from "../../test/harness/compiled-table.ts";
import { httpCall } from "../../test/harness/http-call.ts";
import { policyText } from "./policy.ts";
import type { WorkerSource } from "./workerd.ts";

export interface Fleet {
  readonly source: WorkerSource;
  readonly keys: AgentKeys;
}

export async function edgeOf(agents: number): Promise<Fleet> {
  const names = Array.from({ length: agents }, (_, index) => `agent_${index}`);
  const keys = await makeKeys(names);
  const table = compiledTable(policyText(keys.public));
  const directory = mkdtempSync(join(tmpdir(), "agentpolicy-bench-keys-"));
  const secrets = await readKeys(directory);
  rmSync(directory, { recursive: true });
  const { code } = await bundleWorker();
  const variables = (url: string): { readonly [name: string]: string } =>
    workerVariables({ keys: secrets, port: Number(new URL(url).port), sequence: 1, bindings: {} });
  return {
    keys,
    source: {
      modules: [
        { name: "worker.js", type: "esModule", text: code },
        { name: TABLE_MODULE, type: "text", text: table },
      ],
      variables,
      objects: OBJECTS,
      kv: "SWITCHES",
    },
  };
}

/** Tokens of so many sessions, of all agents in turn. */
export async function openSessions(url: string, { keys }: AgentKeys, count: number): Promise<readonly string[]> {
  const agents = [...keys];
  const tokens: string[] = [];
  for (let index = 0; index < count; index++) {
    const [agent, key] = agents[index % agents.length] ?? [];
    if (agent === undefined || key === undefined) throw new Error("a bench without agents");
    const token = await signAssertion(url, agent, key);
    const reply = await httpCall(url, "/v1/sessions", { method: "POST", token, body: {} });
    if (reply.status !== 201) throw new Error(`no session: ${reply.status} ${reply.text}`);
    tokens.push(String(reply.body["token"]));
  }
  return tokens;
}
