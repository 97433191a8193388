/** A policy that uses the whole language, for this engine only: no other contender can say all of it. */
import { createHash } from "node:crypto";
import { compile, sha256Hex } from "../../compiler/index.ts";
import { type Policy, prepare } from "../../engine/index.ts";

/** A marker that the policy with canaries knows; no request of the workload holds it. */
const CANARY = `canary bait sha256 "${sha256Hex("apc_7k2m4q6s3u5w7y2a4c6e3g5i7m")}"`;

export function wholePolicy({ canaries }: { readonly canaries: boolean }): Policy {
  const text = [TEXT, ...["boss", "helper"].map(agentText), ...(canaries ? [CANARY] : [])].join("\n");
  const { table, diagnostics } = compile([{ name: "whole.agentpolicy", text }]);
  if (table === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return prepare(table);
}

export function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function agentText(name: string): string {
  const may =
    name === "boss" ? "may call helper for crm.*, mail.send, web.fetch" : "may become keeper via lead for 30m";
  return `agent ${name} {
  owner leads
  purpose "is measured"
  roles clerk
  identity key ed25519 "${Buffer.alloc(32, name).toString("base64url")}"
  review by 2030-01-31
  ${may}
}`;
}

const TEXT = `policy "whole" {
  environments production
  session      lifetime 8h idle 30m
  people       oidc "https://people.whole.example" audience "people"
  requesters   oidc "https://requesters.whole.example" audience "agents"
}

label untrusted is taint, confidential is sensitive

set partners = ["partner-1.example", "partner-2.example", "partner-3.example"]
live set vendors editors leads
schedule office = mon-fri 08:00-18:00 "Europe/Berlin"

group leads = ["ana@whole.example", "li@whole.example"]
group fin   = ["bo@whole.example", "kim@whole.example", "noor@whole.example"]

channel ops = slack secret "OPS"

approval lead { approvers leads }
approval pair { approvers fin quorum 2 }

action doc.read(id: string(max 64), section: string(max 64)?)
  is read
  on "docs/{id}/{section}"

action web.fetch(url: url(https))
  is read, external
  on "web/{url.host}"
  yields untrusted

action crm.read(id: string(max 64), full: bool?)
  is read
  on "crm/{id}"
  yields confidential when args.full == true

action mail.send(to: list<email>(max 10), subject: string(max 200), body: string(max 4000))
  is external, irreversible
  on "mail/{to}"

action pay.refund(order: string(max 64), amount: decimal(min 0.01, max 100000), currency: enum("EUR", "USD"))
  is write, spend
  on "payments/{order}"

action vendor.pay(vendor: string(max 64), amount: decimal(min 0.01, max 100000))
  is write, spend
  on "vendors/{vendor}"

action srv.restart(host: host)
  is execute, admin
  on "srv/{host}"

define internal(to: list<email>) = every address in to: address.domain == "whole.example"

role clerk {
  allow  doc.read on "docs/public-*/**"
  allow  doc.read on "docs/team/**" when during office
  allow  web.fetch when task mentions args.url or args.url.host in partners
  allow  crm.read unless session did crm.read same (id) within 1m
  notify mail.send when internal(args.to) to ops
  ask    mail.send unless internal(args.to) via lead
  allow  pay.refund when args.amount <= 50
  ask    pay.refund unless args.amount <= 50 via pair
  allow  vendor.pay when args.vendor in vendors and args.amount <= 1000

  limit  pay.refund total args.amount to 500 in 24h per agent, args.currency then ask via pair
  limit  web.fetch to 40 per session
}

role keeper {
  allow srv.restart
  limit srv.restart to 5 in 1h per agent
}

every agent {
  never external when session has untrusted and session has confidential
  ask   mail.send when session has untrusted via lead
  never vendor.pay when session.calls > 500
  trial never web.fetch when not (args.url.host in partners)
}
`;
