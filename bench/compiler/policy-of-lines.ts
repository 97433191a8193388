/** A policy of about so many lines, in the proportions of a real one: actions, roles of rules and limits, agents. */

const HEAD = `policy "bench" {
  environments production
  people oidc "https://login.example" audience "people"
  operators leads
  auditors  leads
}

label untrusted is taint, confidential is sensitive
set domains = ["acme.example", "acme-mail.example"]
schedule office_hours = mon-fri 09:00-18:00 "Europe/Berlin"
group leads = ["ana@acme.example", "li@acme.example"]

approval review {
  approvers leads
  within    4h
}
`;

export function policyOfLines(lines: number): string {
  const parts = [HEAD];
  let written = countOf(HEAD);
  for (let index = 0; written < lines; index += 1) {
    const part = unit(index);
    parts.push(part);
    written += countOf(part);
  }
  return parts.join("\n");
}

function countOf(text: string): number {
  return text.split("\n").length;
}

function unit(index: number): string {
  const name = `t${index}`;
  return `/// Reads a record of system ${index}.
action ${name}.read(id: string(max 64))
  is read
  on "${name}/records/{id}"
  yields confidential

action ${name}.write(id: string(max 64), text: string(max 4000), stage: enum("new", "open", "won"))
  is write
  on "${name}/records/{id}"

action ${name}.pay(order: string(max 64), amount: decimal(min 0.01), currency: enum("EUR", "USD"))
  is write, spend
  on "${name}/payments/{order}"

action ${name}.mail(to: list<email>(min 1, max 50), subject: string(max 200))
  is external
  on "${name}/outbox"

role r${index} {
  allow ${name}.read
  allow ${name}.write when args.stage in ["new", "open"]
  ask   ${name}.write unless args.stage in ["new", "open"] via review
  /// Small amounts, while somebody is there to see them.
  allow ${name}.pay when args.amount <= 50 and during office_hours
  ask   ${name}.pay unless args.amount <= 50 and during office_hours via review
  limit ${name}.pay total args.amount to 500 in 24h per agent, args.currency then ask via review
  allow ${name}.mail when every address in args.to: address.domain in domains
  ask   ${name}.mail when session has untrusted via review
  never ${name}.read on "${name}/records/secret-*"
  limit write to 20 per session
  limit write to 200 in 1h per agent
}

agent a${index} {
  owner    leads
  purpose  "Works on system ${index}"
  roles    r${index}
  identity key ed25519 "${keyOf(index)}"
  review   by 2099-12-31
}
`;
}

/** Any 32 bytes, different for each agent; no one signs with them. */
function keyOf(index: number): string {
  const bytes = new Uint8Array(32).fill(7);
  new DataView(bytes.buffer).setUint32(0, index);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
