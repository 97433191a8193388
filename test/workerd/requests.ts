/** Sessions and requests for tests of the objects: remainders by hand, so that each test shows what it rests on. */
import { env } from "cloudflare:workers";
import { agentOf, type ObjectEnv, sessionOf, switchboardOf } from "../../edge/objects/env.ts";
import { newSessionId } from "../../edge/ids.ts";
import type {
  AgentRpc,
  Answer,
  AuthorizeInput,
  AuthorizeOutput,
  OpenInput,
  PersonRef,
  SessionRpc,
  SwitchboardRpc,
} from "../../edge/rpc.ts";
import type { Approval, Group, LimitRow, Remainder, Row, RuleRef } from "../../engine/index.ts";

export const bindings = env as unknown as ObjectEnv;
export const POLICY = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
export const UNIT = 1_000_000n;
const HOUR = 3_600_000;

export const switchboard = (): SwitchboardRpc => switchboardOf(bindings);
export const agentObject = (name: string): AgentRpc => agentOf(bindings, name);
export const sessionObject = (id: string): SessionRpc => sessionOf(bindings, id);

export const ana = person("ana@acme.example");
export const li = person("li@acme.example");
export const operator = person("olga@acme.example");

export function person(email: string): PersonRef {
  return { iss: "https://people.example", sub: email, email, claims: {} };
}

export const finance: Group = { name: "finance", members: ["ana@acme.example", "li@acme.example"], claim: null };

export function approval(name: string, change: Partial<Approval> = {}): Approval {
  return {
    name,
    approvers: ["finance"],
    requester: false,
    quorum: 1,
    tell: [],
    within: HOUR,
    use_within: HOUR / 4,
    reason_required: false,
    excluding_owners: false,
    escalate: [],
    reuse: null,
    fatigue: null,
    decoys: null,
    doc: null,
    ...change,
  };
}

let counter = 0;

export function unique(name: string): string {
  counter += 1;
  return `${name}-${counter}`;
}

export function openInput(agent: string, change: Partial<OpenInput> = {}): OpenInput {
  return {
    sequence: 1,
    policy: POLICY,
    session: newSessionId(),
    agent,
    environment: "test",
    requester: null,
    requester_person: null,
    task: null,
    client: null,
    starts_with: [],
    lifetime: 8 * HOUR,
    idle: HOUR / 2,
    lease: 10_000,
    retain: 24 * HOUR,
    opening: allowing(),
    credential: { key: unique("credential"), expires: Date.now() + HOUR },
    requester_credential: null,
    ...change,
  };
}

export interface OpenSession {
  readonly id: string;
  readonly agent: string;
  readonly rpc: SessionRpc;
  ask(change?: Ask): Promise<AuthorizeOutput>;
  /** The answer; throws where there is none. */
  answer(change?: Ask): Promise<Answer>;
}

export interface Ask {
  readonly request_id?: string;
  readonly remainder?: Remainder;
  readonly args?: { readonly [name: string]: unknown };
  readonly approval?: string | null;
  readonly sequence?: number;
  readonly groups?: readonly Group[];
  readonly change?: Partial<AuthorizeInput>;
}

export async function openSession(agent: string, change: Partial<OpenInput> = {}): Promise<OpenSession> {
  const input = openInput(agent, change);
  const rpc = sessionObject(input.session);
  const opened = await rpc.open(input);
  if (!("opened" in opened) || !opened.opened) throw new Error(`not opened: ${JSON.stringify(opened)}`);
  const ask = async (what: Ask = {}) => rpc.authorize(await authorizeInput(input.session, agent, what));
  const answer = async (what: Ask = {}) => {
    const output = await ask(what);
    if (!("answer" in output)) throw new Error(`no answer: ${JSON.stringify(output)}`);
    return output.answer;
  };
  return { id: input.session, agent, rpc, ask, answer };
}

export async function authorizeInput(session: string, agent: string, ask: Ask): Promise<AuthorizeInput> {
  const args = JSON.stringify(ask.args ?? { id: "c-1" });
  const asked = { ...(ask.remainder ?? allowing()), agent };
  const using = ask.approval ?? null;
  const digest = await sha256(JSON.stringify([asked.action, args, asked.resources, using]));
  return {
    sequence: ask.sequence ?? 1,
    session,
    agent,
    request_id: ask.request_id ?? unique("request"),
    request_digest: `sha256:${digest}`,
    args_sha256: await sha256(args),
    args,
    canonical_args: args,
    reviewable: true,
    approval: using,
    at: Date.now(),
    intent: null,
    confidence: null,
    trace: null,
    remainder: asked,
    classes: [],
    describe: { owner: "owners", purpose: "Tests", recovery: null },
    groups: ask.groups ?? [finance],
    settings: { lease: 10_000, idle: HOUR / 2 },
    ...ask.change,
  };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// -- remainders -------------------------------------------------------------------------------------------------

export function remainder(rows: readonly Row[], change: Partial<Remainder> = {}): Remainder {
  return {
    policy: POLICY,
    agent: "",
    requester: null,
    action: "crm.read",
    resources: ["crm/c-1"],
    denied: null,
    rows,
    limits: [],
    yields: [],
    clears: [],
    callers: [],
    approvals: [],
    ...change,
  };
}

export function rule(tier: RuleRef["tier"], change: Partial<RuleRef> = {}): RuleRef {
  return {
    id: `r_${tier}`,
    tier,
    trial: false,
    block: "role test",
    to: [],
    via: [],
    text: `${tier} crm.read`,
    doc: null,
    ...change,
  };
}

export function row(ref: RuleRef, holds: Row["grants"] = true, change: Partial<Row> = {}): Row {
  return { rule: ref, may_grant: ref.tier !== "never", role: null, grants: holds, restricts: holds, ...change };
}

export function allowing(change: Partial<Remainder> = {}): Remainder {
  return remainder([row(rule("allow"))], change);
}

export function asking(
  via: readonly string[] = ["finance_pair"],
  definitions = via.map((name) => approval(name)),
): Remainder {
  return remainder([row(rule("ask", { via }))], { approvals: definitions });
}

export function limitRow(change: Partial<LimitRow> = {}): LimitRow {
  return {
    id: "l_1",
    counter: "c_1",
    trial: false,
    per: "session",
    agent: null,
    role: null,
    key: "[]",
    amount: UNIT,
    n: 10n * UNIT,
    window: null,
    via: null,
    text: "limit * to 10 per session",
    holds: true,
    ...change,
  };
}
