/** A small MCP server over streamable HTTP, as strict as the real ones about headers, sessions and order. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ToolServer {
  readonly url: string;
  /** What it was asked, in order. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

export interface ToolServerOptions {
  /** Each page of `tools/list`. */
  readonly pages: readonly (readonly object[])[];
  /** Answers as a stream of events that stays open, with a notice before. */
  readonly streams?: boolean;
  /** Wants this `Authorization`. */
  readonly token?: string;
}

export async function toolServer(options: ToolServerOptions): Promise<ToolServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, options, asked);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly cursor?: string; readonly protocolVersion?: string };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ToolServerOptions,
  asked: string[],
): Promise<void> {
  const { headers } = request;
  if (options.token !== undefined && headers.authorization !== options.token) return end(response, 401);
  if (request.method === "DELETE") {
    asked.push("DELETE");
    return end(response, headers["mcp-session-id"] === "s-1" ? 204 : 404);
  }
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const message = JSON.parse(body) as Message;
  asked.push(message.method);
  if (headers.accept !== "application/json, text/event-stream") return end(response, 406);
  if (message.method === "initialize") {
    response.setHeader("mcp-session-id", "s-1");
    return send(response, message, options, {
      protocolVersion: "2025-06-18",
      capabilities: { tools: {} },
      serverInfo: { name: "crm", version: "1" },
    });
  }
  if (headers["mcp-session-id"] !== "s-1" || headers["mcp-protocol-version"] !== "2025-06-18")
    return end(response, 400);
  if (message.method === "notifications/initialized") return end(response, 202);
  const page = Number(message.params?.cursor ?? 0);
  const next = page + 1 < options.pages.length ? { nextCursor: String(page + 1) } : {};
  send(response, message, options, { tools: options.pages[page], ...next });
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

function send(response: ServerResponse, { id }: Message, { streams }: ToolServerOptions, result: object): void {
  const text = JSON.stringify({ jsonrpc: "2.0", id, result });
  if (streams !== true) {
    response.writeHead(200, { "content-type": "application/json" }).end(text);
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write('event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n');
  const half = Math.floor(text.length / 2);
  // In two pieces, as networks deliver it.
  response.write(`event: message\ndata: ${text.slice(0, half)}`);
  setImmediate(() => response.write(`${text.slice(half)}\n\n`));
}
