/** The real Worker on workerd with a policy for these tests, and plain HTTP towards it. */
import type { CryptoKey, JWTHeaderParameters } from "jose";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge, StartOptions } from "../../cli/local/start-edge.ts";
import type { AuthorizeResponse, OpenSessionResponse } from "../../sdk/index.ts";
import { type AgentKeys, makeKeys, signAssertion } from "../harness/agent-keys.ts";
import { compiledTable } from "../harness/compiled-table.ts";
import { type Call, httpCall, type Reply } from "../harness/http-call.ts";
import { policyText } from "./policy-text.ts";
import type { PolicyParts } from "./policy-text.ts";

export const AGENTS = ["bot", "helper", "clerk"] as const;

export function makeAgents(): Promise<AgentKeys> {
  return makeKeys<string>(AGENTS);
}

export function tableText(agents: AgentKeys, parts: PolicyParts = {}): string {
  return compiledTable(policyText(agents.public, parts));
}

/** One edge with its agents; everything that the tests do goes through its URL. */
export class EdgeUnderTest {
  readonly edge: LocalEdge;
  readonly agents: AgentKeys;
  readonly table: string;

  constructor(edge: LocalEdge, agents: AgentKeys, table: string) {
    this.edge = edge;
    this.agents = agents;
    this.table = table;
  }

  get url(): string {
    return this.edge.url;
  }

  call(path: string, call: Call = {}): Promise<Reply> {
    return httpCall(this.url, path, call);
  }

  assertion(
    agent: string,
    claims: Readonly<Record<string, unknown>> = {},
    header: Partial<JWTHeaderParameters> = {},
    key: CryptoKey | Uint8Array | undefined = this.agents.keys.get(agent),
  ): Promise<string> {
    if (key === undefined) throw new Error(`no key of ${agent}`);
    return signAssertion(this.url, agent, key, { claims, header });
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
