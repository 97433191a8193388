/** Agents: who owns them, what they are for, how they prove who they are, until when they are reviewed. */
import type { AgentDeclaration, AgentItem, IdentityItem, Name, Span, StringLiteral } from "../../dsl/index.ts";
import type { Agent, Identity } from "../../engine/index.ts";
import type { Placed } from "../program.ts";
import { type Report, spell } from "../report.ts";
import { refuseText } from "../type/canonical.ts";
import { readMoment } from "../type/type-literal.ts";
import { refuseUnsupported } from "../unsupported/refuse-unsupported.ts";
import { lookup, lookupAll, type Context } from "./context.ts";
import { keyProblem } from "./public-key.ts";
import { compareText } from "../sorted-set.ts";

const DAY = 86_400_000;

/** The agent; null, with messages, where what it needs is missing. */
export function resolveAgent(context: Context, node: AgentDeclaration): Placed<Agent> | null {
  if (node.like) refuseUnsupported("agent like", node.like.span, context.report);
  const once = itemsOnce(node, context.report);
  const identities = identitiesOf(node, context.report);
  const owner = once.Owner ? readOwner(context, once.Owner.owner) : null;
  const review = once.ReviewBy ? readMoment(once.ReviewBy.date) : null;
  for (const item of node.items) refuseComing(item, context.report);
  checkComplete(node, once, context.report);
  const roles = lookupAll(context, "role", once.Roles?.names ?? []);
  const labels = lookupAll(context, "label", once.StartsWith?.labels ?? []);
  if (owner === null || review === null || !once.Purpose || identities.length === 0) return null;
  const row: Agent = {
    name: node.name.value,
    owner,
    purpose: once.Purpose.text.value,
    roles,
    identities,
    requester_required: once.RequesterRequired !== undefined,
    // A review "by" a day still works on that day.
    review_by: review + DAY,
    task_from_client: once.TaskFromClient !== undefined,
    starts_with: labels,
    may_call: [],
    may_become: [],
    doc: node.doc,
  };
  return { row, span: node.name.span };
}

/** Items of which an agent has one. */
type Once = { [Kind in AgentItem["kind"]]?: Extract<AgentItem, { kind: Kind }> };

const MANY: readonly string[] = ["Identity", "MayCall", "MayBecome", "Rule", "Limit"];

function itemsOnce(node: AgentDeclaration, report: Report): Once {
  const once: { [kind: string]: AgentItem } = {};
  for (const item of node.items) {
    const first = once[item.kind];
    if (!first) once[item.kind] = item;
    else if (!MANY.includes(item.kind)) {
      report.error("AP2006", {
        span: item.span,
        message: `agent \`${node.name.value}\` says this twice`,
        label: "again here",
        related: [{ span: first.span, label: "first here" }],
        help: "keep one of them",
      });
    }
  }
  return once;
}

function checkComplete(node: AgentDeclaration, once: Once, report: Report): void {
  const rules = once.Rule ?? once.Limit ?? once.Roles ?? node.like;
  const missing = [
    once.Owner ? null : "`owner GROUP`",
    once.Purpose ? null : '`purpose "…"`',
    rules ? null : "`roles ROLE`",
    once.Identity
      ? null
      : `\`identity key ed25519 "…"\` (\`agentpolicy keys new ${spell(node.name.value)}\` makes one)`,
    once.ReviewBy ? null : "`review by DATE`",
  ].filter((item) => item !== null);
  if (missing.length === 0) return;
  report.error("AP5030", {
    span: node.name.span,
    message: `agent \`${node.name.value}\` isn't complete`,
    label: `without ${missing.map((item) => item.split(" ")[0]?.replaceAll("`", "") ?? "").join(", ")}`,
    help: `add ${missing.join(", ")}`,
  });
}

function readOwner(context: Context, owner: Name | StringLiteral): string | null {
  if (owner.kind === "Name") return lookup(context, "group", owner) && owner.value;
  const address = owner.value.toLowerCase();
  if (refuseText({ kind: "email" }, address) === null) return address;
  context.report.error("AP5031", {
    span: owner.span,
    message: `${JSON.stringify(owner.value)} is no known person or group`,
    help: 'write a group\'s name, or an address such as `"ana@acme.example"`',
  });
  return null;
}

function refuseComing(item: AgentItem, report: Report): void {
  if (item.kind === "MayCall") refuseUnsupported("may call", item.span, report);
  if (item.kind === "MayBecome") refuseUnsupported("may become", item.span, report);
}

function identitiesOf(node: AgentDeclaration, report: Report): readonly Identity[] {
  const found = node.items.filter((item) => item.kind === "Identity");
  const identities = found.map((item) => readIdentity(item, report)).filter((identity) => identity !== null);
  return identities.toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
}

function readIdentity({ identity, span }: IdentityItem, report: Report): Identity | null {
  if (identity.kind === "OidcIdentity")
    return refuseUnsupported("identity oidc", { ...span, end: identity.issuer.span.end }, report);
  if (identity.kind === "MtlsIdentity") return refuseUnsupported("identity mtls", span, report);
  const { algorithm, key } = identity;
  if (algorithm.value !== "ed25519") {
    report.error("AP5032", {
      span: algorithm.span,
      message: `keys are \`ed25519\`, not \`${algorithm.value}\``,
      help: `make one with \`agentpolicy keys new NAME\``,
    });
    return null;
  }
  const problem = keyProblem(key.value);
  if (problem === null) return { kind: "key", algorithm: "ed25519", public_key: key.value };
  report.error("AP5033", {
    span: key.span,
    ...problem,
    help: "write its 32 bytes in base64url, 43 characters: `agentpolicy keys new NAME` prints the line",
  });
  return null;
}

/** Two agents that one key speaks for could each do what the other may. */
export function refuseSharedIdentities(nodes: readonly AgentDeclaration[], report: Report): void {
  const owners = new Map<string, { readonly agent: string; readonly span: Span }>();
  for (const node of nodes) {
    for (const { identity } of node.items.filter((item) => item.kind === "Identity")) {
      if (identity.kind !== "KeyIdentity") continue;
      const { value: key, span } = identity.key;
      const agent = node.name.value;
      const first = owners.get(key);
      if (!first) owners.set(key, { agent, span });
      else refuseShared(agent, span, first, report);
    }
  }
}

function refuseShared(agent: string, span: Span, first: { agent: string; span: Span }, report: Report): void {
  const twice = first.agent === agent;
  report.error("AP5034", {
    span,
    message: twice
      ? `agent \`${agent}\` names this key twice`
      : `\`${first.agent}\` and \`${agent}\` share an identity`,
    label: "the same key",
    related: [{ span: first.span, label: "first used here" }],
    help: twice ? "remove one of them" : `make another key with \`agentpolicy keys new ${spell(agent)}\``,
  });
}
