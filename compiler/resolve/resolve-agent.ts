/** Agents: who owns them, what they are for, how they prove who they are, until when they are reviewed. */
import type { AgentDeclaration, AgentItem, Name, StringLiteral } from "../../dsl/index.ts";
import type { Agent } from "../../engine/index.ts";
import type { Placed } from "../program.ts";
import { type Report, spell } from "../report.ts";
import { refuseText } from "../type/canonical.ts";
import { readMoment } from "../type/type-literal.ts";
import { lookup, lookupAll, type Context } from "./context.ts";
import { modelsOf } from "./likeness.ts";
import { type PlacedIdentity, sortedIdentities } from "./read-identity.ts";
import { resolveMayBecome } from "./resolve-may-become.ts";
import { resolveMayCall } from "./resolve-may-call.ts";
import type { Selections } from "./selection.ts";

const DAY = 86_400_000;

export interface AgentPlace {
  readonly context: Context;
  readonly selections: Selections;
  readonly identities: readonly PlacedIdentity[];
}

/** The agent; null, with messages, where what it needs is missing. */
export function resolveAgent(node: AgentDeclaration, place: AgentPlace): Placed<Agent> | null {
  const { context, selections, identities } = place;
  const once = itemsOnce(node, context.report);
  const owner = once.Owner ? readOwner(context, once.Owner.owner) : null;
  const review = once.ReviewBy ? readMoment(once.ReviewBy.date) : null;
  checkComplete(node, once, context.report);
  const roles = lookupAll(context, "role", roleNames(context, node));
  const labels = lookupAll(context, "label", once.StartsWith?.labels ?? []);
  const mayCall = resolveMayCall(context, selections, node);
  const mayBecome = resolveMayBecome(context, node, roles);
  if (owner === null || review === null || !once.Purpose || identities.length === 0) return null;
  const row: Agent = {
    name: node.name.value,
    owner,
    purpose: once.Purpose.text.value,
    roles,
    identities: sortedIdentities(identities),
    requester_required: once.RequesterRequired !== undefined,
    // A review "by" a day still works on that day.
    review_by: review + DAY,
    task_from_client: once.TaskFromClient !== undefined,
    starts_with: labels,
    may_call: mayCall,
    may_become: mayBecome,
    doc: node.doc,
  };
  return { row, span: node.name.span };
}

/** Its own, and those of the agents that it is like. */
function roleNames({ names }: Context, node: AgentDeclaration): readonly Name[] {
  const items = [node, ...modelsOf(names, node)].flatMap((agent) => [...agent.items]);
  return items.filter((item) => item.kind === "Roles").flatMap((item) => [...item.names]);
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
