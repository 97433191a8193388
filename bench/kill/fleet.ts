/** An edge with agents and sessions, and requests that don't stop. */
import { startEdge, type LocalEdge } from "../../cli/local/start-edge.ts";
import { makeKeys, signAssertion } from "../../test/harness/agent-keys.ts";
import { compiledTable } from "../../test/harness/compiled-table.ts";
import { httpCall, type Reply } from "../../test/harness/http-call.ts";
import { type Fault, faultyWorker } from "./faulty-worker.ts";
import { ACTION, OPERATOR, policyText, REQUESTER } from "./policy.ts";

export interface Session {
  readonly id: string;
  readonly agent: string;
  readonly token: string;
}

export interface Fleet {
  readonly edge: LocalEdge;
  readonly table: string;
  readonly sessions: readonly Session[];
  readonly flip: (method: "PUT" | "DELETE", scope: string, name: string) => Promise<Reply>;
}

export interface Asked {
  /** By this process's clock. */
  readonly sent: number;
  readonly allowed: boolean;
}

/** @param fault what goes wrong there all the time; null: nothing */
export async function startFleet(agents: number, sessions: number, fault: Fault | null): Promise<Fleet> {
  const names = Array.from({ length: agents }, (_, index) => `agent_${index}`);
  const keys = await makeKeys(names);
  const table = compiledTable(policyText(keys.public));
  const faulty = fault === null ? {} : { worker: await faultyWorker(), bindings: { FAULT: fault } };
  const edge = await startEdge({ table, directory: null, ...faulty });
  const operator = await edge.personToken({ email: OPERATOR });
  const opened: Session[] = [];
  for (let index = 0; index < sessions; index++) {
    const agent = names[index % agents] ?? "";
    const key = keys.keys.get(agent);
    if (key === undefined) throw new Error(`no key of ${agent}`);
    const requester_token = await edge.requesterToken({ email: REQUESTER, agent });
    const token = await signAssertion(edge.url, agent, key);
    const reply = await httpCall(edge.url, "/v1/sessions", { method: "POST", token, body: { requester_token } });
    if (reply.status !== 201) throw new Error(`no session: ${reply.status} ${reply.text}`);
    const { session, token: own } = reply.body as { session: { id: string }; token: string };
    opened.push({ id: session.id, agent, token: own });
  }
  return {
    edge,
    table,
    sessions: opened,
    flip: (method, scope, name) =>
      httpCall(edge.url, `/v1/switches/${scope}/${encodeURIComponent(name)}`, {
        method,
        token: operator,
        body: { reason: "a bench" },
      }),
  };
}

/** One request. What is no policy answer, such as 429 or a connection that a restart cut, allowed nothing. */
export async function ask({ edge }: Fleet, { token }: Session): Promise<Asked> {
  const sent = performance.now();
  const body = { action: ACTION, args: { file: "a" }, request_id: crypto.randomUUID() };
  try {
    const reply = await httpCall(edge.url, "/v1/authorize", { method: "POST", token, body });
    return { sent, allowed: reply.body["decision"] === "allow" };
  } catch {
    return { sent, allowed: false };
  }
}

/** So many clients that each ask for one session after another, until told to stop. */
export function startLoad(
  fleet: Fleet,
  sessions: readonly Session[],
  clients: number,
): () => Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  let next = 0;
  const stopped = new AbortController();
  const client = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const session = sessions[next++ % sessions.length];
      if (session === undefined) return;
      asked.push(await ask(fleet, session));
      // A session asks at most 20 times a second.
      if (sessions.length < clients * 2) await pause((1_000 / 18) * (clients / sessions.length));
    }
  };
  const all = Array.from({ length: clients }, client);
  return async () => {
    stopped.abort();
    await Promise.all(all);
    return asked;
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
