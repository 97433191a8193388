/**
 * The tools that an MCP server offers, asked over streamable HTTP (Model Context Protocol, 2025-06-18, "Transports"):
 * `initialize`, then `tools/list` page by page. Nothing is called.
 */
import { environment, usage } from "../failure.ts";
import { inert } from "../inert.ts";
import { version } from "../version.ts";
import { causeOf, readAnswer, RETRY } from "./read-answer.ts";

export interface FetchedTools {
  /** What the server calls itself; null where it doesn't say. */
  readonly server: string | null;
  /** As the server sent them. */
  readonly tools: readonly unknown[];
}

const PROTOCOL = "2025-06-18";
const PATIENCE = 30_000;
const MOST_PAGES = 200;

type Headers = { readonly [name: string]: string };

/** @param patience milliseconds for each answer, from the request to its last byte. Throws a `Failure`. */
export async function fetchTools(url: URL, headers: Headers, patience = PATIENCE): Promise<FetchedTools> {
  const client = new Conversation(url, headers, patience);
  const opened = await client.ask("initialize", {
    protocolVersion: PROTOCOL,
    capabilities: {},
    clientInfo: { name: "agentpolicy", version: version() },
  });
  const info = opened["serverInfo"];
  client.speak(typeof opened["protocolVersion"] === "string" ? opened["protocolVersion"] : PROTOCOL);
  await client.tell("notifications/initialized");
  const tools = await allPages(client);
  await client.close();
  const name = typeof info === "object" && info !== null && "name" in info ? info.name : null;
  return { server: typeof name === "string" ? name : null, tools };
}

async function allPages(client: Conversation): Promise<readonly unknown[]> {
  const tools: unknown[] = [];
  let cursor: unknown;
  for (let page = 0; page < MOST_PAGES; page++) {
    // Pages follow each other: each names the next.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await client.ask("tools/list", cursor === undefined ? {} : { cursor });
    if (!Array.isArray(answer["tools"])) throw environment("the server's answer to `tools/list` holds no `tools`");
    tools.push(...(answer["tools"] as readonly unknown[]));
    cursor = answer["nextCursor"];
    if (cursor === undefined || cursor === null) return tools;
  }
  throw environment(`the server has more than ${MOST_PAGES} pages of tools`);
}

/** Only a server on this machine may be asked without TLS: on the way, anybody could change what is reviewed. */
export function serverUrl(text: string): URL | null {
  if (!/^https?:\/\//i.test(text)) return null;
  if (!URL.canParse(text)) throw usage(`\`${inert(text)}\` isn't a URL`);
  const url = new URL(text);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol === "http:" && !isLocal) {
    throw usage("a server is asked over `https`: without TLS anybody on the way can change its tools");
  }
  if (url.username !== "" || url.password !== "") {
    throw usage("a URL with a user or password isn't taken", 'give it as `--header "Authorization: @FILE"`');
  }
  return url;
}

class Conversation {
  readonly #url: URL;
  readonly #headers: Headers;
  readonly #patience: number;
  #session: string | null = null;
  #protocol: string | null = null;
  #next = 1;

  constructor(url: URL, headers: Headers, patience: number) {
    this.#url = url;
    this.#headers = headers;
    this.#patience = patience;
  }

  speak(protocol: string): void {
    this.#protocol = protocol;
  }

  /** The result of one request. */
  async ask(method: string, params: object): Promise<{ readonly [member: string]: unknown }> {
    const id = this.#next++;
    const response = await this.#send("POST", { jsonrpc: "2.0", id, method, params });
    if (!response.ok) {
      throw environment(`the server answers ${response.status} to \`${method}\``, helpFor(response.status));
    }
    this.#session = response.headers.get("mcp-session-id") ?? this.#session;
    return readAnswer(response, id, method);
  }

  async tell(method: string): Promise<void> {
    await discard(await this.#send("POST", { jsonrpc: "2.0", method }));
  }

  /** A server may refuse to end a session; it forgets it by itself then. */
  async close(): Promise<void> {
    if (this.#session === null) return;
    await discard(await this.#send("DELETE", null));
  }

  async #send(method: "POST" | "DELETE", message: object | null): Promise<Response> {
    try {
      return await fetch(this.#url, {
        method,
        headers: {
          ...this.#headers,
          accept: "application/json, text/event-stream",
          "content-type": "application/json",
          ...(this.#session === null ? {} : { "mcp-session-id": this.#session }),
          ...(this.#protocol === null ? {} : { "mcp-protocol-version": this.#protocol }),
        },
        ...(message === null ? {} : { body: JSON.stringify(message) }),
        // Headers that hold a token go to the address that was given and to no other.
        redirect: "error",
        signal: AbortSignal.timeout(this.#patience),
      });
    } catch (error) {
      const isLate = error instanceof Error && error.name === "TimeoutError";
      const why = isLate ? " in time" : `: ${inert(causeOf(error))}`;
      throw environment(`the server at \`${this.#url.origin}\` doesn't answer${why}`, RETRY);
    }
  }
}

/** Nothing in it is wanted, so that it doesn't matter how it ends. */
async function discard({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => undefined);
}

function helpFor(status: number): string | null {
  if (status === 401 || status === 403) return 'it wants a credential: `--header "Authorization: @FILE"`';
  if (status === 404 || status === 405) return "give the address of its MCP endpoint, often one that ends in `/mcp`";
  return null;
}
