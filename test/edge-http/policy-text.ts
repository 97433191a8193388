/** A small policy with one of everything that the calls of the edge need. */
export interface PolicyParts {
  /** Lines of the `policy` block. */
  readonly settings?: string;
  /** Rules of `role worker` beside the ones here. */
  readonly rules?: string;
  /** Further declarations. */
  readonly more?: string;
  /** Lines of agents' own blocks, by name. */
  readonly own?: ReadonlyMap<string, string>;
}

const SETTINGS = `  people       oidc "https://people.corp.example" audience "people-of-corp"
  requesters   oidc "https://login.corp.example" audience "agents-of-corp"`;

export function policyText(
  keys: ReadonlyMap<string, string>,
  { settings = SETTINGS, rules = "", more = "", own = new Map() }: PolicyParts,
): string {
  return `policy "test" {
  environments production
  session      lifetime 1h idle 30m
  lease        5s
${settings}
  operators    ops
  auditors     audit
}

label untrusted is taint

group leads  = ["lea@corp.example", "max@corp.example"]
group ops    = ["oda@corp.example"]
group audit  = claim "groups" "auditors"
group owners = ["pat@corp.example"]

channel log = slack secret "LOG_WEBHOOK"

approval lead_review {
  approvers leads
  within    1h
  reason    required
}

action files.read(file: path)
  is read
  on "files/{file}"

action files.write(file: path, text: string(max 200), key: secret string?)
  is write
  on "files/{file}"
  recovery "Restore the version before."

action pay(to: string(max 64), amount: decimal(min 0.01, max 1000000))
  is spend
  on "pay/{to}"

action web.fetch(url: url(https))
  is read, external
  on "web/{url.host}"
  yields untrusted

action note(text: json)
  is write
  on none

role worker {
  allow  files.read
  notify note to log
  ask    files.write via lead_review
  allow  web.fetch
  allow  pay when args.amount <= 50
  limit  pay total args.amount to 100 in 1h per session
${rules}
}

every agent {
  never files.read on "files/secret/**"
}

${more}
${[...keys].map(([name, key]) => agentText(name, key, own.get(name) ?? "")).join("\n")}`;
}

function agentText(name: string, key: string, own: string): string {
  return `agent ${name} {
  owner    owners
  purpose  "Is tested"
  roles    worker
  identity key ed25519 "${key}"
  ${own}
${name === "clerk" ? "  requester required\n" : ""}  review   by 2099-12-31
}
`;
}
