/** A deployment with gateways of every kind of identity, agents that they may ask for, and one that they may not. */
import { createHash } from "node:crypto";
import { compile, serializeTable } from "../../compiler/index.ts";
import { type AgentKeys, makeKeys, signAssertion } from "../harness/agent-keys.ts";
import type { Changes } from "../harness/agent-keys.ts";
import type { Reply } from "../harness/http-call.ts";
import { TOOL_FILES } from "../harness/tool-files.ts";
import { startIdentityProvider } from "./identity-provider.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { startProductionTable } from "./run-production.ts";
import type { Production } from "./run-production.ts";

export const WIRE = "ec7904cd327ffa16e8946ad64084cc5149b8fc2454ed4b9dbc93e2d02d29be2e";
/** `twin` is an agent and a gateway. */
const NAMES = ["bot", "helper", "alone", "twin", "tools", "gateway twin"] as const;
type Name = (typeof NAMES)[number];

const CATALOGUE = "crm.tools.json";

export interface Gateways {
  readonly production: Production;
  readonly platform: IdentityProvider;
  readonly corp: IdentityProvider;
  readonly keys: AgentKeys<Name>;
  /** Of the tool as it was reviewed. */
  readonly tool: string;
  readonly policy: string;
  readonly table: (edit?: (policy: string) => string) => string;
  readonly assertion: (name: Name, changes?: Changes) => Promise<string>;
  /** A gateway token of `tools`. */
  readonly token: () => Promise<string>;
  readonly openFor: (agent: string, more?: Readonly<Record<string, unknown>>) => Promise<Reply>;
  /** The session token of an opened session. */
  readonly session: (agent: string, more?: Readonly<Record<string, unknown>>) => Promise<string>;
  readonly ask: (token: string, body: Readonly<Record<string, unknown>>) => Promise<Reply>;
  readonly stop: () => Promise<void>;
}

export async function startGateways(): Promise<Gateways> {
  const [platform, corp] = await Promise.all([startIdentityProvider(), startIdentityProvider()]);
  const keys = await makeKeys(NAMES);
  const policy = policyText(keys, platform.issuer, corp.issuer);
  const files = { [CATALOGUE]: TOOL_FILES[CATALOGUE] ?? "" };
  const table = (edit = (text: string) => text): string => {
    const compiled = compile([{ name: "gateways.agentpolicy", text: edit(policy) }], { files });
    if (compiled.table === null) throw new Error(compiled.diagnostics.map(({ message }) => message).join("\n"));
    return serializeTable(compiled.table);
  };
  const production = await startProductionTable(table());
  const { body } = JSON.parse(table()) as { body: { actions: { name: string; tool: { sha256: string } | null }[] } };
  const { url, call } = production;
  const assertion = (name: Name, changes: Changes = {}): Promise<string> => {
    const key = keys.keys.get(name);
    if (key === undefined) throw new Error(`no key of ${name}`);
    return signAssertion(url, name.replace("gateway ", ""), key, changes);
  };
  const openFor: Gateways["openFor"] = async (agent, more = {}) =>
    call("/v1/sessions", { method: "POST", token: await assertion("tools"), body: { agent, ...more } });
  return {
    production,
    platform,
    corp,
    keys,
    policy,
    table,
    assertion,
    openFor,
    tool: body.actions.find(({ name }) => name === "crm.find_contact")?.tool?.sha256 ?? "",
    token: async () => {
      const reply = await call("/v1/gateway/token", { method: "POST", token: await assertion("tools") });
      return String(reply.body["token"]);
    },
    session: async (agent, more) => String((await openFor(agent, more)).body["token"]),
    ask: (token, asked) =>
      call("/v1/authorize", { method: "POST", token, body: { request_id: crypto.randomUUID(), ...asked } }),
    stop: async () => {
      await production.edge.stop();
      await Promise.all([platform.stop(), corp.stop()]);
    },
  };
}

function policyText(keys: AgentKeys<Name>, platform: string, corp: string): string {
  const key = (name: Name) => `  identity key ed25519 "${keys.public.get(name) ?? ""}"`;
  const hash = createHash("sha256")
    .update(TOOL_FILES[CATALOGUE] ?? "")
    .digest("hex");
  return `policy "gateways" {
  environments production
  session      lifetime 1h idle 30m
  lease        5s
  people       oidc "${corp}" audience "people-of-corp"
  requesters   oidc "${corp}" audience "agents-of-corp"
  operators    owners
  auditors     owners
}

group owners = ["pat@corp.example"]

approval owner_review {
  approvers owners
  within    1h
}

action note(text: string(max 100))
  is write
  on none

action files.read(file: path)
  is read
  on "files/{file}"

action files.write(file: path, text: string(max 100))
  is write
  on "files/{file}"

server crm mcp "https://crm.example/mcp" tools "${CATALOGUE}" sha256 "${hash}"

action crm.find_contact
  is read
  on "crm/contacts"

role worker {
  allow note
  allow files.read
  ask   files.write via owner_review
  allow crm.find_contact
  limit note to 3 in 1h per session
}

${["bot", "helper", "alone", "twin"].map((name) => agentText(name, key(name as Name))).join("\n")}
gateway tools {
${key("tools")}
  for      bot, helper
}

gateway twin {
${key("gateway twin")}
  for      bot
}

gateway ci {
  identity oidc "${platform}" { repository "acme/gateway" }
  for      bot
}

gateway front {
  identity mtls sha256 "${WIRE}"
  for      helper
}
`;
}

function agentText(name: string, identity: string): string {
  return `agent ${name} {
  owner   owners
  purpose "Is tested"
  roles   worker
${identity}
  limit   session.open to 100 in 1h per agent
  review  by 2099-12-31
}
`;
}
