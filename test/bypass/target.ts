/** The real Worker on workerd with the bypass suite's policy, and raw HTTP towards it: no client that could be too polite. */
import type { CryptoKey, JWK, JWTHeaderParameters } from "jose";
import { importJWK, SignJWT } from "jose";
import { DEVELOPMENT_ISSUER } from "../../cli/local/development-tokens.ts";
import { readKeys } from "../../cli/local/edge-keys.ts";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { AuthorizeResponse, SessionState } from "../../sdk/index.ts";
import { makeKeys, signAssertion } from "../harness/agent-keys.ts";
import { compiledTable } from "../harness/compiled-table.ts";
import { type Call, httpCall, type Reply } from "../harness/http-call.ts";
import { AGENTS, policyText } from "./policy.ts";
import type { AgentName } from "./policy.ts";

type Edge = Awaited<ReturnType<typeof startEdge>>;

export type { Reply };

export interface Asker {
  readonly token: string;
  readonly id: string;
}

export type Edit = (text: string) => string;

/** The table of the policy as it is edited. */
type Tables = (edit: Edit) => string;

export class Target {
  readonly #edge: Edge;
  readonly #keys: ReadonlyMap<AgentName, CryptoKey>;
  readonly #tables: Tables;
  readonly #opened: string[] = [];
  readonly #steady = new Map<AgentName, Promise<Asker>>();
  #ids = 0;

  constructor(edge: Edge, keys: ReadonlyMap<AgentName, CryptoKey>, tables: Tables) {
    this.#edge = edge;
    this.#keys = keys;
    this.#tables = tables;
  }

  get url(): string {
    return this.#edge.url;
  }

  /** Where the edge keeps all that it keeps. */
  get directory(): string {
    return this.#edge.directory;
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

  /** Any claims, signed by the development issuer as its other tokens are. */
  async issued(claims: { readonly [name: string]: unknown }): Promise<string> {
    const { development_issuer_key } = await readKeys(this.#edge.directory);
    return new SignJWT({ iss: DEVELOPMENT_ISSUER, ...claims })
      .setProtectedHeader({ alg: "EdDSA" })
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(await importJWK(development_issuer_key, "EdDSA"));
  }

  /** Restarts the Worker with the policy as `edit` leaves it: objects, sessions and switches stay. */
  reload(edit: Edit = (policy) => policy): Promise<void> {
    return this.#edge.reload(this.#tables(edit));
  }

  /** The same with any table and any variables, however wrong. */
  reloadRaw(edit: Edit, bindings: { readonly [name: string]: string | null } = {}): Promise<void> {
    return this.#edge.reload(edit(this.#tables((policy) => policy)), bindings);
  }

  sequence(): number {
    return this.#edge.sequence();
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

  async callOnce(path: string, call: Call = {}): Promise<Reply> {
    const reply = await httpCall(this.url, path, call);
    if (path === "/v1/sessions" && reply.status === 201) this.#opened.push(String(reply.body["token"]));
    return reply;
  }

  /** A client assertion as RFC 7523 wants it, but for what the case changes. */
  assertion(
    agent: AgentName,
    claims: { readonly [name: string]: unknown } = {},
    header: Partial<JWTHeaderParameters> = {},
    key: CryptoKey | Uint8Array | JWK = this.#keys.get(agent) as CryptoKey,
  ): Promise<string> {
    return signAssertion(this.url, agent, key, { claims, header });
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

/** @param log gets what the Worker writes to its log */
export async function startTarget(log?: (line: string) => void): Promise<Target> {
  const agents = await makeKeys(AGENTS);
  const tables: Tables = (edit) => compiledTable(edit(policyText(agents.public)), "bypass.agentpolicy");
  const options = { table: tables((policy) => policy), directory: null, port: 0 };
  return new Target(await startEdge(log === undefined ? options : { ...options, log }), agents.keys, tables);
}
