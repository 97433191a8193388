/** Clients that ask one after another, over connections that stay open. */
import { Agent, request } from "node:http";

export interface Call {
  readonly token: string;
  readonly body: string;
}

export interface Load {
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly answered: number;
  readonly seconds: number;
  /** Milliseconds, ascending. */
  readonly latencies: readonly number[];
}

export interface LoadOptions {
  readonly url: string;
  readonly clients: number;
  readonly seconds: number;
  /** What to ask next. */
  readonly next: () => Call;
  /** Requests a second of all clients together; null: as many as they can. */
  readonly rate: number | null;
  /** Goes on until so many were sent. */
  readonly at_least?: number;
}

export async function putLoad({ url, clients, seconds, next, rate, at_least = 0 }: LoadOptions): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const statuses = new Map<number, number>();
  const latencies: number[] = [];
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  let sent = 0;
  let due = begun;
  const client = async (): Promise<void> => {
    while (performance.now() < until || sent < at_least) {
      sent += 1;
      // Never to catch up: what a slow moment held back would come as a burst that one session may not ask.
      if (rate !== null) due = Math.max(due + 1_000 / rate, performance.now());
      await pauseUntil(due);
      const asked = performance.now();
      const status = await post(agent, `${url}/v1/authorize`, next());
      latencies.push(performance.now() - asked);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  const took = (performance.now() - begun) / 1_000;
  return { statuses, answered: latencies.length, seconds: took, latencies: latencies.toSorted((a, b) => a - b) };
}

async function pauseUntil(due: number): Promise<void> {
  const ms = due - performance.now();
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

function post(agent: Agent, url: string, { token, body }: Call): Promise<number> {
  const headers = {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    asked.once("error", reject);
    asked.end(body);
  });
}
