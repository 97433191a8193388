/** The real Worker on workerd with a policy for these tests, and plain HTTP towards it. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey, JWTHeaderParameters } from "jose";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge, StartOptions } from "../../cli/local/start-edge.ts";
import { compile, serializeTable } from "../../compiler/index.ts";
import type { AuthorizeResponse, OpenSessionResponse } from "../../sdk/index.ts";
import { policyText } from "./policy-text.ts";
import type { PolicyParts } from "./policy-text.ts";

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly headers: Headers;
}

export interface CallOptions {
  readonly method?: string;
  readonly token?: string;
  /** A string or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Agents {
  readonly keys: ReadonlyMap<string, CryptoKey>;
  readonly public: ReadonlyMap<string, string>;
}

export const AGENTS = ["bot", "helper", "clerk"] as const;

export async function makeAgents(): Promise<Agents> {
  const keys = new Map<string, CryptoKey>();
  const publicKeys = new Map<string, string>();
  for (const name of AGENTS) {
    const pair = await generateKeyPair("EdDSA", { extractable: true });
    keys.set(name, pair.privateKey);
    publicKeys.set(name, (await exportJWK(pair.publicKey)).x ?? "");
  }
  return { keys, public: publicKeys };
}

export function tableText(agents: Agents, parts: PolicyParts = {}): string {
  const { table, diagnostics } = compile([{ name: "test.agentpolicy", text: policyText(agents.public, parts) }]);
  if (table === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return serializeTable(table);
}

export async function call(url: string, path: string, options: CallOptions = {}): Promise<Reply> {
  const { method = "GET", token, body, headers = {} } = options;
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json =
    response.headers.get("Content-Type")?.includes("json") && !response.headers.get("Content-Type")?.includes("ndjson");
  return {
    status: response.status,
    body: json ? (JSON.parse(text) as Reply["body"]) : {},
    text,
    headers: response.headers,
  };
}

/** One edge with its agents; everything that the tests do goes through its URL. */
export class EdgeUnderTest {
  readonly edge: LocalEdge;
  readonly agents: Agents;
  readonly table: string;

  constructor(edge: LocalEdge, agents: Agents, table: string) {
    this.edge = edge;
    this.agents = agents;
    this.table = table;
  }

  get url(): string {
    return this.edge.url;
  }

  call(path: string, options: CallOptions = {}): Promise<Reply> {
    return call(this.url, path, options);
  }

  assertion(
    agent: string,
    claims: Readonly<Record<string, unknown>> = {},
    header: Partial<JWTHeaderParameters> = {},
    key: CryptoKey | Uint8Array | undefined = this.agents.keys.get(agent),
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const standard = { iss: agent, sub: agent, aud: this.url, iat: now, exp: now + 60, jti: crypto.randomUUID() };
    if (key === undefined) throw new Error(`no key of ${agent}`);
    return new SignJWT({ ...standard, ...claims }).setProtectedHeader({ alg: "EdDSA", ...header }).sign(key);
  }

  async open(agent = "bot", body: Readonly<Record<string, unknown>> = {}): Promise<OpenSessionResponse> {
    const reply = await this.call("/v1/sessions", { method: "POST", token: await this.assertion(agent), body });
    if (reply.status !== 201) throw new Error(`no session: ${reply.status} ${reply.text}`);
    return reply.body as unknown as OpenSessionResponse;
  }

  authorize(token: string, body: Readonly<Record<string, unknown>>): Promise<Reply> {
    return this.call("/v1/authorize", {
      method: "POST",
      token,
      body: { request_id: crypto.randomUUID(), ...body },
    });
  }

  /** A policy answer; anything else fails the test. */
  async decide(token: string, body: Readonly<Record<string, unknown>>): Promise<AuthorizeResponse> {
    const reply = await this.authorize(token, body);
    if (reply.status !== 200) throw new Error(`no policy answer: ${reply.status} ${reply.text}`);
    return reply.body as unknown as AuthorizeResponse;
  }

  person(email: string): Promise<string> {
    return this.edge.personToken({ email });
  }
}

export async function startTestEdge(
  options: Partial<StartOptions> = {},
  parts: PolicyParts = {},
): Promise<EdgeUnderTest> {
  const agents = await makeAgents();
  const table = tableText(agents, parts);
  const edge = await startEdge({ table, directory: null, ...options });
  return new EdgeUnderTest(edge, agents, table);
}
