/** The real Worker on workerd with the bypass suite's policy, and raw HTTP towards it: no client that could be too polite. */
import { generateKeyPair, exportJWK, SignJWT } from "jose";
import type { CryptoKey, JWK, JWTHeaderParameters } from "jose";
import { compile, serializeTable } from "../../compiler/index.ts";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { AuthorizeResponse, SessionState } from "../../sdk/index.ts";
import { AGENTS, policyText } from "./policy.ts";
import type { AgentName } from "./policy.ts";

type Edge = Awaited<ReturnType<typeof startEdge>>;

export interface Call {
  readonly method?: string;
  readonly token?: string | null;
  /** A value is sent as JSON, a string as it is. */
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
}

export interface Reply {
  readonly status: number;
  readonly body: { readonly [name: string]: unknown };
  readonly headers: Headers;
}

export interface Asker {
  readonly token: string;
  readonly id: string;
}

export class Target {
  readonly #edge: Edge;
  readonly #keys: ReadonlyMap<AgentName, CryptoKey>;
  readonly #opened: string[] = [];
  readonly #steady = new Map<AgentName, Promise<Asker>>();
  #ids = 0;

  constructor(edge: Edge, keys: ReadonlyMap<AgentName, CryptoKey>) {
    this.#edge = edge;
    this.#keys = keys;
  }

  get url(): string {
    return this.#edge.url;
  }

  stop(): Promise<void> {
    return this.#edge.stop();
  }

  /** An agent has at most ten open sessions, so each case closes what it opened. */
  async closeSessions(): Promise<void> {
    const tokens = this.#opened.splice(0);
    await Promise.all(tokens.map((token) => this.call("/v1/session", { method: "DELETE", token })));
  }

  /** Tokens that the development issuer signed: by role, or by a person's address. */
  person(email: string): Promise<string> {
    return this.#edge.personToken({ email });
  }

  requester(email: string, agent: AgentName): Promise<string> {
    return this.#edge.requesterToken({ email, agent });
  }

  requestId(): string {
    this.#ids += 1;
    return `bypass-${this.#ids}`;
  }

  /** A session asks at most 20 times a second: a case that isn't about floods waits for its turn. */
  async call(path: string, call: Call = {}): Promise<Reply> {
    for (let tries = 0; ; tries += 1) {
      const reply = await this.callOnce(path, call);
      if (reply.status !== 429 || tries === 40) return reply;
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 800));
    }
  }

  async callOnce(path: string, { method = "GET", token = null, body, headers = {} }: Call = {}): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (path === "/v1/sessions" && response.status === 201)
      this.#opened.push((JSON.parse(text) as { token: string }).token);
    return { status: response.status, body: text === "" ? {} : readBody(text), headers: response.headers };
  }

  /** A client assertion as RFC 7523 wants it, but for what the case changes. */
  async assertion(
    agent: AgentName,
    claims: { readonly [name: string]: unknown } = {},
    header: Partial<JWTHeaderParameters> = {},
    key: CryptoKey | Uint8Array | JWK = this.#keys.get(agent) as CryptoKey,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: agent, sub: agent, aud: this.url, jti: crypto.randomUUID(), iat: now, exp: now + 60 };
    return new SignJWT({ ...payload, ...claims }).setProtectedHeader({ alg: "EdDSA", ...header }).sign(key);
  }

  async open(agent: AgentName, body: { readonly [name: string]: unknown } = {}): Promise<Asker> {
    const reply = await this.call("/v1/sessions", { method: "POST", token: await this.assertion(agent), body });
    if (reply.status !== 201) throw new Error(`opening failed: ${reply.status} ${JSON.stringify(reply.body)}`);
    const { token, session } = reply.body as { token: string; session: { id: string } };
    return { token, id: session.id };
  }

  /** One session an agent that all cases share: an agent opens at most sixty an hour. */
  steady(agent: AgentName): Promise<Asker> {
    const open = this.#steady.get(agent) ?? this.#openSteady(agent);
    this.#steady.set(agent, open);
    return open;
  }

  async #openSteady(agent: AgentName): Promise<Asker> {
    const asker = await this.open(agent);
    this.#opened.splice(this.#opened.indexOf(asker.token), 1);
    return asker;
  }

  ask(
    asker: Asker,
    action: string,
    args: unknown = {},
    more: { readonly [name: string]: unknown } = {},
  ): Promise<Reply> {
    const body = { action, args, request_id: this.requestId(), ...more };
    return this.call("/v1/authorize", { method: "POST", token: asker.token, body });
  }

  /** As `ask`, for answers of the policy: anything but 200 fails the case. */
  async decide(asker: Asker, action: string, args: unknown = {}, more = {}): Promise<AuthorizeResponse> {
    const reply = await this.ask(asker, action, args, more);
    if (reply.status !== 200) throw new Error(`no policy answer: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body as unknown as AuthorizeResponse;
  }

  async state(asker: Asker): Promise<SessionState> {
    const reply = await this.call("/v1/session", { token: asker.token });
    return reply.body as unknown as SessionState;
  }
}

function readBody(text: string): { readonly [name: string]: unknown } {
  try {
    return JSON.parse(text) as { readonly [name: string]: unknown };
  } catch {
    // NDJSON and pages: the case looks at the text.
    return { text };
  }
}

export async function startTarget(): Promise<Target> {
  const privateKeys = new Map<AgentName, CryptoKey>();
  const publicKeys = new Map<AgentName, string>();
  for (const agent of AGENTS) {
    const pair = await generateKeyPair("EdDSA", { extractable: true });
    privateKeys.set(agent, pair.privateKey);
    publicKeys.set(agent, (await exportJWK(pair.publicKey)).x ?? "");
  }
  const { table, diagnostics } = compile([{ name: "bypass.agentpolicy", text: policyText(publicKeys) }]);
  if (table === null) throw new Error(diagnostics.map((found) => `${found.code} ${found.message}`).join("\n"));
  return new Target(await startEdge({ table: serializeTable(table), directory: null, port: 0 }), privateKeys);
}
