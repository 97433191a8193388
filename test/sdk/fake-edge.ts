/** A server that misbehaves on command: whatever the client does with its answers, it must not take them for a yes. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { SignJWT } from "jose";
import { connect } from "../../sdk/index.ts";
import type { Session } from "../../sdk/index.ts";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
}

export type Answer =
  | { readonly status: number; readonly json: unknown; readonly headers?: Record<string, string> }
  | { readonly status: number; readonly text: string; readonly headers?: Record<string, string> }
  | "hang"
  | "reset";

export type Handler = (seen: Seen, count: number) => Answer | Promise<Answer>;

export interface FakeEdge extends AsyncDisposable {
  readonly url: string;
  readonly seen: Seen[];
}

export const SESSION = "ses_00000000000000000000000000";
export const APPROVAL = "apr_0000000000000000000000000000000000000000000000000000";
const FAR = "2099-01-01T00:00:00Z";

/** RFC 8037, appendix A.1: known to the whole world. */
export const KEY = {
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
};

export async function open(edge: FakeEdge, timeout = 2000): Promise<Session> {
  return connect({ edge: edge.url, agent: "billing_bot", key: KEY, timeout }).open();
}

/** Opens sessions properly; `authorize` and `approval` misbehave as the test says. */
export async function fakeEdge(handlers: {
  authorize?: Handler;
  approval?: Handler;
  open?: Handler;
  token?: Handler;
  delegation?: Handler;
  outcome?: Handler;
  elevation?: Handler;
  state?: Handler;
  expires?: string;
}): Promise<FakeEdge> {
  const seen: Seen[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    void (async () => {
      const one = await read(request);
      seen.push(one);
      const name = nameOf(one);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const usual = {
        open: () => opened(handlers.expires ?? FAR),
        outcome: noted,
        close: () => ({ status: 200, json: {} }),
      };
      const handler = { ...usual, ...handlers }[name];
      const answer = handler === undefined ? { status: 404, text: "" } : await handler(one, count);
      write(response, answer);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Name = "authorize" | "approval" | "close" | "elevation" | "open" | "outcome" | "state" | "token" | "delegation";

function nameOf({ method, path }: Seen): Name {
  if (path === "/v1/authorize") return "authorize";
  if (path === "/v1/outcomes") return "outcome";
  if (path === "/v1/elevations") return "elevation";
  if (method === "GET" && path === "/v1/session") return "state";
  if (method === "DELETE" && path === "/v1/session") return "close";
  if (path === "/v1/session/token") return "token";
  if (path === "/v1/session/delegations") return "delegation";
  return method === "POST" && path === "/v1/sessions" ? "open" : "approval";
}

async function read(request: IncomingMessage): Promise<Seen> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
}

function write(response: ServerResponse, answer: Answer): void {
  if (answer === "hang") return;
  if (answer === "reset") {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
  response.end("json" in answer ? JSON.stringify(answer.json) : answer.text);
}

export function opened(expires = FAR): Answer {
  const session = { id: SESSION, root: SESSION, agent: "billing_bot", expires_at: FAR, idle_expires_at: FAR, depth: 0 };
  return { status: 201, json: { session, token: "first-token", token_expires_at: expires } };
}

function noted({ body }: Seen): Answer {
  return { status: 200, json: { decision_id: body["decision_id"], status: body["status"], labels: [] } };
}

/** What a good edge answers to `seen`, with fields replaced. */
export async function allow(seen: Seen, changes: { claims?: object; fields?: object } = {}): Promise<Answer> {
  return {
    status: 200,
    json: { ...base("allow"), tier: "allow", permit: await permitFor(seen, changes.claims), ...changes.fields },
  };
}

export function deny(reason: string, fields: object = {}): Answer {
  return { status: 200, json: { ...base("deny"), reason, message: `no: ${reason}`, ...fields } };
}

export function ask(): Answer {
  const approval = { id: APPROVAL, status: "pending", expires_at: FAR, url: "http://127.0.0.1/v1/approvals/x" };
  return { status: 200, json: { ...base("ask"), approval } };
}

export function approvalState(status: string, reason: string | null = null): Answer {
  return { status: 200, json: { id: APPROVAL, status, expires_at: FAR, url: "http://127.0.0.1/", needs: [], reason } };
}

function base(decision: string): object {
  return {
    decision,
    decision_id: "dec_0",
    reason: "rule",
    message: "because",
    rules: [{ id: "r_000000000000", tier: "allow" }],
    resources: [],
    policy: `sha256:${"0".repeat(64)}`,
    sequence: 1,
    request_digest: `sha256:${"1".repeat(64)}`,
  };
}

async function permitFor(seen: Seen, claims: object = {}): Promise<string> {
  const args = seen.body["args"] ?? {};
  const args_sha256 = createHash("sha256")
    .update(canonicalize(args) ?? "")
    .digest("hex");
  const all = { act: seen.body["action"], sid: SESSION, sub: "billing_bot", args_sha256, jti: "pmt_0", ...claims };
  return new SignJWT(all).setProtectedHeader({ alg: "HS256" }).sign(new Uint8Array(32));
}
