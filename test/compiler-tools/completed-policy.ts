/**
 * Completes a piece of a policy to a whole one: the names that it uses and doesn't declare come from a small
 * dictionary, roles that nobody has get an agent. What the piece says itself is never changed.
 */

interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

const DICTIONARY: readonly Entry[] = [
  entry("label", "untrusted", "label untrusted is taint"),
  entry("label", "confidential", "label confidential is sensitive"),
  entry("set", "acme_domains", 'set acme_domains = ["acme.example", "acme-mail.example"]'),
  entry("schedule", "office_hours", 'schedule office_hours = mon-fri 09:00-18:00 "Europe/Berlin"'),
  entry("group", "leads", 'group leads = ["ana@acme.example", "li@acme.example"]'),
  entry("group", "finance", 'group finance = claim "groups" "finance-approvers"'),
  entry("channel", "ops", 'channel ops = slack secret "SLACK_OPS_WEBHOOK"'),
  entry("approval", "lead_review", "approval lead_review {\n  approvers leads\n  within 4h\n}"),
  entry("approval", "finance_pair", "approval finance_pair {\n  approvers finance\n  quorum 2\n  within 30m\n}"),
  action("crm.contacts.read", "contact: string(max 64)", 'is read\n  on "crm/contacts/{contact}"'),
  action("crm.contacts.delete", "contact: string(max 64)", 'is write, delete\n  on "crm/contacts/{contact}"'),
  action("crm.notes.write", "deal: string(max 64), text: string(max 4000)", 'is write\n  on "crm/notes/{deal}"'),
  action("files.read", "file: path", 'is read\n  on "files/{file}"'),
  action("email.send", "to: list<email>(max 50), subject: string?, body: string", 'is external\n  on "email/outbox"'),
  action(
    "payments.refund",
    'order: string(max 64), amount: decimal(min 0.01), currency: enum("EUR", "USD")',
    'is write, spend\n  on "payments/{order}"',
  ),
  action("web.fetch", "url: url(https)", 'is read, external\n  on "web/{url.host}"'),
];

const POLICY = `policy "piece" {
  environments production
  session lifetime 8h idle 30m
  people oidc "https://acme.cloudflareaccess.com" audience "4714c1358e65fe4b"
  requesters oidc "https://login.acme.example" audience "agents-at-acme"
}`;

const IDENTITY = 'identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"';

/** The piece, followed by what it needs. Positions in the piece stay what they are. */
export function completedPolicy(piece: string): string {
  const own = withoutComments(piece);
  const agent = agentFor(own);
  const policy = /^\s*policy\s/m.test(own) ? [] : [POLICY];
  const added = [...policy, ...agent];
  const names = needed(`${own}\n${added.join("\n")}`, own);
  return [piece, ...added, ...names.map((one) => one.text)].join("\n\n");
}

function agentFor(own: string): readonly string[] {
  const roles = [...own.matchAll(/^\s*role\s+([A-Za-z_][\w-]*)/gm)].map((match) => match[1] ?? "");
  const taken = [...own.matchAll(/^\s*roles\s+(.*)$/gm)].flatMap((match) => (match[1] ?? "").split(/\s*,\s*/));
  const free = roles.filter((role) => !taken.includes(role));
  if (free.length === 0 && /^\s*agent\s+\w+\s*(like|\{)/m.test(own)) return [];
  const rules =
    free.length === 0 ? "allow crm.contacts.read\n  limit * to 60 in 1h per agent" : `roles ${free.join(", ")}`;
  const other = IDENTITY.replace("11qY", "Z1qY");
  const identity = own.includes(IDENTITY) ? other : IDENTITY;
  return [
    `agent bot {\n  owner leads\n  purpose "Completes the piece"\n  ${rules}\n  ${identity}\n  review by 2027-11-30\n}`,
  ];
}

/** Entries that the text names, by name, prefix (`crm.*`) or class, and those that they name in turn. */
function needed(text: string, own: string): readonly Entry[] {
  const open = DICTIONARY.filter((one) => !declares(own, one));
  let found: readonly Entry[] = [];
  for (;;) {
    const sofar = [text, ...found.map((one) => one.text)].join("\n");
    const next = open.filter((one) => found.includes(one) || names(sofar, one.name) || selects(own, one));
    if (next.length === found.length) return found;
    found = next;
  }
}

function names(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w.-])${name.replaceAll(".", "\\.")}(?![\\w-])`).test(text);
}

function selects(own: string, { kind, name, text }: Entry): boolean {
  if (kind !== "action") return false;
  if (own.includes(`${name.split(".")[0]}.*`)) return true;
  const classes = [...(/\n  is (.*)/.exec(text)?.[1] ?? "").matchAll(/\w+/g)].map(([word]) => word);
  return classes.some((one) => new RegExp(`(allow|notify|ask|never|limit|except)\\s+([\\w.]+, *)*${one}\\b`).test(own));
}

function declares(own: string, { kind, name }: Entry): boolean {
  return own.split("\n").some((line) => new RegExp(`^\\s*(live\\s+)?${kind}\\b`).test(line) && names(line, name));
}

function withoutComments(text: string): string {
  return text.replace(/(?<!:)\/\/.*$/gm, "");
}

function entry(kind: string, name: string, text: string): Entry {
  return { kind, name, text };
}

function action(name: string, params: string, rest: string): Entry {
  return entry("action", name, `action ${name}(${params})\n  ${rest}`);
}
