/** A deployment as in production, no development issuer in it, of a policy in which agents have identities of any kind. */
import type { Bindings } from "../../cli/local/runtime-options.ts";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { compiledTable } from "../harness/compiled-table.ts";
import { httpCall } from "../harness/http-call.ts";
import type { Call, Reply } from "../harness/http-call.ts";

export interface Production {
  readonly edge: LocalEdge;
  readonly url: string;
  readonly call: (path: string, call?: Call) => Promise<Reply>;
  /** Status and agent of an opened session; null for none. */
  readonly open: (call?: Call) => Promise<readonly [status: number, agent: string | null]>;
  readonly reload: (policy: string, bindings?: Bindings) => Promise<void>;
  readonly reloadTable: (table: string, bindings?: Bindings) => Promise<void>;
}

export function startProduction(policy: string): Promise<Production> {
  return startProductionTable(compiledTable(policy));
}

export async function startProductionTable(table: string): Promise<Production> {
  const edge = await startEdge({ table, directory: null });
  const { url } = edge;
  const call = (path: string, what: Call = {}): Promise<Reply> => httpCall(url, path, what);
  let sequence = 0;
  const reloadTable = (table: string, bindings: Bindings = {}): Promise<void> => {
    sequence += 1;
    const DEPLOYMENT = JSON.stringify({ sequence, environment: "production", origins: [url] });
    return edge.reload(table, { DEPLOYMENT, DEVELOPMENT_ISSUER: null, ...bindings });
  };
  const reload = (text: string, bindings?: Bindings): Promise<void> => reloadTable(compiledTable(text), bindings);
  await reloadTable(table);
  return {
    edge,
    url,
    call,
    reload,
    reloadTable,
    open: async (what = {}) => {
      const reply = await call("/v1/sessions", { method: "POST", body: {}, ...what });
      const { session, token } = reply.body as { session?: { agent: string }; token?: string };
      // An agent has at most ten open sessions.
      if (token !== undefined) await call("/v1/session", { method: "DELETE", token });
      return [reply.status, session?.agent ?? null];
    },
  };
}

export interface AgentLine {
  readonly name: string;
  /** `identity …` lines, and whatever else stands in the block. */
  readonly lines: string;
}

export function identityPolicy(agents: readonly AgentLine[], settings = ""): string {
  return `policy "identities" {
  environments production
  session      lifetime 1h idle 30m
  lease        5s
${settings}
}

group owners = ["pat@corp.example"]

action note(text: string(max 100))
  is write
  on none

role worker {
  allow note
  limit note to 100 in 1h per session
}

${agents.map(agentText).join("\n")}`;
}

function agentText({ name, lines }: AgentLine): string {
  return `agent ${name} {
  owner   owners
  purpose "Is tested"
  roles   worker
${lines}
  review  by 2099-12-31
}
`;
}
