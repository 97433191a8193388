/** A policy with a limit of each kind, short enough to be met again and again, and what the checker must know of it. */

export interface CheckedLimit {
  readonly action: string;
  readonly per: "session" | "agent" | "requester" | "fleet";
  /** Milliseconds; null for a whole session. */
  readonly window: number | null;
  /** Of actions, or of millionths of the argument. */
  readonly n: number;
  /** The argument that is summed. */
  readonly total: string | null;
}

export const LIMITS: readonly CheckedLimit[] = [
  { action: "tick", per: "session", window: null, n: 8, total: null },
  { action: "ping", per: "session", window: 6_000, n: 2, total: null },
  { action: "mail", per: "agent", window: 8_000, n: 3, total: null },
  { action: "serve", per: "requester", window: 10_000, n: 6, total: null },
  { action: "pay", per: "fleet", window: 7_000, n: 60_000_000, total: "amount" },
];

export const LEASE = 5_000;
export const APPROVER = "lea@corp.example";
export const OPERATOR = "oda@corp.example";

export const AGENTS = Array.from({ length: 50 }, (_, at) => `agent_${at}`);

/** Whom an agent may call: the next, the last one the first. */
export function calledBy(agent: string): string {
  return AGENTS[(AGENTS.indexOf(agent) + 1) % AGENTS.length] ?? "";
}

/** @param keys Public Ed25519 keys (base64url) by agent. */
export function policyText(keys: ReadonlyMap<string, string>): string {
  return `policy "chaos" {
  session      lifetime 8h idle 4h
  lease        ${LEASE / 1000}s
  people       oidc "https://people.corp.example" audience "people-of-corp"
  requesters   oidc "https://login.corp.example" audience "agents-of-corp"
  operators    ops
  auditors     ops
}

group leads = ["${APPROVER}"]
group ops   = ["${OPERATOR}"]

approval review {
  approvers leads
  within    1h
}

action tick() is read on none
action ping(text: string(max 40)) is read on "ping"
action mail(to: string(max 40)) is external on "mail/{to}"
action serve(order: string(max 40)) is write on "orders/{order}"
action pay(to: string(max 40), amount: decimal(min 0.01, max 1000)) is spend on "pay/{to}"
action wipe(disk: string(max 40)) is delete on "disks/{disk}"

role worker {
  allow tick
  allow ping
  allow mail
  allow serve
  allow pay
  ask   wipe via review
  limit session.open to 10000 in 1h per agent
${LIMITS.map(limitText).join("\n")}
}

${[...keys].map(([name, key]) => agentText(name, key)).join("\n")}`;
}

function limitText({ action, per, window, n, total }: CheckedLimit): string {
  const sum = total === null ? "" : ` total args.${total}`;
  const length = window === null ? "" : ` in ${window / 1000}s`;
  return `  limit ${action}${sum} to ${total === null ? n : n / 1e6}${length} per ${per}`;
}

function agentText(name: string, key: string): string {
  return `agent ${name} {
  owner    ops
  purpose  "Makes traffic"
  roles    worker
  may call ${calledBy(name)} for tick, ping, mail, serve, pay, wipe
  identity key ed25519 "${key}"
  review   by 2099-12-31
}
`;
}
