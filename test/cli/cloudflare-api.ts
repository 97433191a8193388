/** A stand-in for the few calls of Cloudflare's API that wrangler makes to deploy a Worker and to list and write secrets. */
import { createServer, type IncomingMessage } from "node:http";

export interface CloudflareApi extends Disposable {
  readonly url: string;
  /** By name; what the Worker was deployed with or was set later. */
  readonly secrets: Map<string, string>;
  /** Method and path of each call, in order. */
  readonly calls: string[];
  /** Whether the Worker exists. */
  readonly exists: () => boolean;
}

interface Answer {
  readonly status: number;
  readonly result: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Binding {
  readonly type: string;
  readonly name: string;
  readonly text?: string;
}

const TOKEN = "token-for-tests";
const ok = (result: unknown): Answer => ({ status: 200, result });
const REFUSED = { status: 403, result: null, error: { code: 10_000, message: "Authentication error" } };
const missing = (code: number, message: string): Answer => ({ status: 404, result: null, error: { code, message } });

/** @param present names of the secrets that the Worker has; null: there is no such Worker yet. */
export async function cloudflareApi(worker: string, present: readonly string[] | null): Promise<CloudflareApi> {
  const secrets = new Map((present ?? []).map((name) => [name, "unreadable"]));
  const state = { exists: present !== null };
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    calls.push(`${request.method} ${path}`);
    const { status, result, error } = await answer(request, path, { worker, secrets, state });
    const body = { success: status === 200, errors: error === undefined ? [] : [error], messages: [], result };
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`,
    secrets,
    calls,
    exists: () => state.exists,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Account {
  readonly worker: string;
  readonly secrets: Map<string, string>;
  readonly state: { exists: boolean };
}

async function answer(request: IncomingMessage, path: string, account: Account): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return REFUSED;
  const own = `/accounts/acc/workers/scripts/${account.worker}`;
  if (path === own && request.method === "PUT") return upload(body, request.headers["content-type"] ?? "", account);
  if (path === `/accounts/acc/workers/services/${account.worker}`) return service(account);
  if (path.startsWith(`${own}/`)) return ofScript(path.slice(own.length + 1), request.method ?? "", body, account);
  if (path.endsWith("/storage/kv/namespaces")) return ok(request.method === "GET" ? [] : { id: "kv1", title: "kv" });
  if (path === `/accounts/acc/workers/workers/${account.worker}`) return ok({ id: "w", subdomain: SUBDOMAIN });
  if (path === "/zones") return ok([{ id: "z1", name: "policy.example" }]);
  if (path.endsWith("/domains/changeset")) return ok({ added: [], removed: [], updated: [], conflicting: [] });
  return ok([]);
}

const SUBDOMAIN = { enabled: false, previews_enabled: false };

function service({ state }: Account): Answer {
  if (!state.exists) return missing(10_090, "workers.api.error.service_not_found");
  return ok({
    default_environment: { environment: "production", script: { tag: "t", last_deployed_from: "wrangler" } },
  });
}

/** The first upload makes the Worker, with the secrets that come in its metadata. */
async function upload(body: Buffer, type: string, { secrets, state }: Account): Promise<Answer> {
  const form = await new Response(new Uint8Array(body), { headers: { "Content-Type": type } }).formData();
  const metadata = form.get("metadata");
  const text = typeof metadata === "string" ? metadata : ((await metadata?.text()) ?? "{}");
  const { bindings } = JSON.parse(text) as { bindings: readonly Binding[] };
  for (const { type: kind, name, text: value } of bindings)
    if (kind === "secret_text" && value !== undefined) secrets.set(name, value);
  state.exists = true;
  return ok({ id: "w", etag: "e", tag: "t", startup_time_ms: 1, deployment_id: "d" });
}

function ofScript(part: string, method: string, body: Buffer, { secrets, state }: Account): Answer {
  if (!state.exists) return missing(10_007, "This Worker does not exist on your account.");
  if (part === "secrets") return ok([...secrets.keys()].map((name) => ({ name, type: "secret_text" })));
  if (part === "subdomain") return ok(SUBDOMAIN);
  if (part === "deployments") return ok({ deployments: [] });
  if (part === "settings") return ok({ bindings: [...secrets.keys()].map((name) => ({ name, type: "secret_text" })) });
  if (part !== "secrets-bulk" || method !== "PATCH") return ok([]);
  const sent = JSON.parse(body.toString()) as { secrets: Record<string, { text: string } | null> };
  for (const [name, value] of Object.entries(sent.secrets))
    if (value === null) secrets.delete(name);
    else secrets.set(name, value.text);
  return ok([]);
}

/** What makes wrangler talk to it. */
export function account(url: string): Readonly<Record<string, string>> {
  return { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_ACCOUNT_ID: "acc", CLOUDFLARE_API_BASE_URL: url };
}
