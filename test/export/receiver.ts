/** A receiver of exports: a real HTTP server that fails on purpose before it takes anything. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** A status to answer with, an end of the connection without an answer (`lost`: after it was taken), or silence. */
export type Fault = number | "cut" | "lost" | "hang" | { readonly status: number; readonly body: string };

export interface Receiver {
  readonly url: string;
  /** What it took. */
  readonly taken: readonly Received[];
  /** What it got, taken or not. */
  readonly asked: readonly Received[];
  /** One for each of the next requests. */
  failWith(...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

export interface Answering {
  /** A fault for what it wouldn't take, whatever else; null takes it. */
  readonly judge?: (received: Received) => Fault | null;
  /** The body of an answer that takes it. */
  readonly answer?: (received: Received) => string;
}

export async function startReceiver({ judge = () => null, answer = () => "" }: Answering = {}): Promise<Receiver> {
  const [taken, asked, faults] = [[] as Received[], [] as Received[], [] as Fault[]];
  const server = createServer((request, response) => {
    void read(request).then((received) => {
      // The edge was stopped while it sent.
      if (received === null) return;
      asked.push(received);
      const fault = faults.shift() ?? judge(received);
      if (fault === null || fault === "lost") taken.push(received);
      if (fault !== null) return fail(response, fault);
      response.writeHead(200, { "Content-Type": "application/json" }).end(answer(received));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    taken,
    asked,
    failWith: (...more) => void faults.push(...more),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault === "cut" || fault === "lost") return void response.destroy();
  if (fault === "hang") return;
  const { status, body } = typeof fault === "number" ? { status: fault, body: "" } : fault;
  const headers = status === 429 ? { "Retry-After": "1" } : {};
  response.writeHead(status, headers).end(body);
}

/** Null where the connection ended before the request did. */
async function read(request: IncomingMessage): Promise<Received | null> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part as Buffer);
  } catch {
    return null;
  }
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: Object.fromEntries(headers) as Received["headers"],
    body: Buffer.concat(parts).toString(),
  };
}
