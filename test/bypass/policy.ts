/** The policy that the bypass suite attacks: small, and every line of it is somebody's target. */
export const AGENTS = [
  "alpha",
  "beta",
  "gamma",
  "delta",
  "crowd",
  "payer",
  "clerk",
  "boss",
  "scribe",
  "typist",
  "envoy",
] as const;

export type AgentName = (typeof AGENTS)[number];

/** @param keys Public Ed25519 keys (base64url) by agent. */
export function policyText(keys: ReadonlyMap<AgentName, string>): string {
  return POLICY + AGENTS.map((name) => agentText(name, keys.get(name) ?? "")).join("\n");
}

/** What an agent has beside the rest: its role, and lines of its own. */
const OWN: { readonly [name in AgentName]?: { readonly role?: string; readonly lines: string } } = {
  clerk: { lines: "requester required" },
  boss: {
    role: "chief",
    lines: `may call scribe for notes.add, files.read, web.fetch, mail.reply, desk.act, shared.add
  may call envoy for notes.add`,
  },
  envoy: { lines: "may call typist for notes.add" },
  scribe: { lines: "may call typist for notes.add" },
  typist: { lines: "may call scribe for notes.add" },
};

function agentText(name: AgentName, key: string): string {
  const { role = "worker", lines = "" } = OWN[name] ?? {};
  return `agent ${name} {
  owner    ops
  purpose  "Is attacked"
  roles    ${role}
  identity key ed25519 "${key}"
  ${lines}
  review   by 2099-12-31
}
`;
}

const POLICY = `policy "bypass" {
  environments development
  session      lifetime 1h idle 30m
  lease        5s
  people       oidc "https://people.corp.example" audience "people-of-corp"
  requesters   oidc "https://login.corp.example" audience "agents-of-corp"
  operators    ops
  auditors     ops
}

label untrusted is taint, confidential is sensitive

set trusted_hosts = ["corp.com", "api.corp.com", "127.0.0.1"]

group leads = ["lea@corp.com", "max@corp.com"]
group ops   = ["oda@corp.com"]

channel log = slack secret "LOG_WEBHOOK"

approval lead_review {
  approvers leads
  within    1h
}

approval pair_review {
  approvers leads, ops
  quorum    2
  within    1h
  reason    required
}

approval outside_review {
  approvers leads, ops
  within    1h
  excluding owners
}

approval quick_review {
  approvers leads
  within    1s
}

action files.read(file: path)
  is read
  on "files/{file}"

action files.write(file: path, text: string(max 200), mode: enum("add", "replace")?)
  is write, delete when args.mode == "replace"
  on "files/{file}"

action web.fetch(url: url(https))
  is read, external
  on "web/{url.host}"
  yields untrusted

action mail.send(to: list<email>(max 10), body: string(max 20000))
  is external
  on "mail/outbox"

action crm.read(id: string(max 64))
  is read
  on "crm/{id}"
  yields confidential

action pay.transfer(to: string(max 64), amount: decimal(min 0.01, max 1000000), currency: enum("EUR", "USD"))
  is write, spend
  on "payments/{to}"

action budget.draw(units: decimal(min 0.000001))
  is write, spend
  on "budget"

action notes.add(text: string(max 200))
  is write
  on "notes"

action shared.add(text: string(max 200))
  is write
  on "shared"

action secret.peek(id: string(max 64))
  is read
  on "secret/{id}"

action vault.open(pin: secret string(min 4, max 20), who: string(max 20), note: string(max 100)?)
  is read
  on "vault/{who}"

action vault.reset(entries: list<record { pin: secret string(max 20), who: string(max 20) }>(max 5))
  is write
  on "vault/entries"

action chat.say(text: string(max 2000), more: json?)
  is write
  on none

action mail.reply(to: email)
  is external
  on "mail/outbox"

action desk.act(text: string(max 20000), more: json?)
  is write
  on "desk"

action desk.pair(text: string(max 200))
  is write
  on "desk"

action desk.outside(text: string(max 200))
  is write
  on "desk"

action desk.quick(text: string(max 200))
  is write
  on "desk"

role worker {
  allow files.read
  allow files.write on "files/public/**"
  allow web.fetch when args.url.host in trusted_hosts
  allow mail.send when every address in args.to: address.domain == "corp.com"
  allow crm.read
  allow pay.transfer when args.amount <= 100
  ask   pay.transfer unless args.amount <= 100 via lead_review
  allow budget.draw
  allow notes.add
  allow shared.add
  ask   vault.open via lead_review
  allow vault.reset
  allow chat.say
  never chat.say when args contain secrets or args contain card_numbers
  allow mail.reply when task mentions args.to
  ask   desk.act via lead_review
  ask   desk.pair via pair_review
  ask   desk.outside via outside_review
  ask   desk.quick via quick_review

  limit notes.add to 10 per session
  limit shared.add to 10 in 1h per agent
  limit pay.transfer total args.amount to 250 in 24h per agent, args.currency
  limit budget.draw total args.units to 1000 per session
}

role chief {
  allow pay.transfer
  never notes.add when args.text == "the secret plan"
  limit shared.add to 2 in 1h per agent
}

every agent {
  never  files.* on "files/secret/**"
  never  delete
  never  external when session has untrusted and session has confidential
  notify spend to log
  ask    external when session has untrusted via lead_review
}

`;
