/** Breakers: kills and notices that come by themselves when something happens too often. */
import type { BreakerDeclaration, Name } from "../../dsl/index.ts";
import type { Breaker, BreakerScope } from "../../engine/index.ts";
import type { Placed } from "../program.ts";
import { type Context, lookupAll, reportUnknown } from "./context.ts";
import { readBreakerEvent } from "./read-breaker-event.ts";

/** The breaker; null, with messages, where part of it is wrong. */
export function resolveBreaker(context: Context, node: BreakerDeclaration): Placed<Breaker> | null {
  const event = readBreakerEvent(node.event, context.report);
  const per = readScope(context, node.per);
  const kills = node.actions.filter((action) => action.kind === "KillAction").map((action) => action.scope);
  const kill = kills.map((scope) => readKill(context, scope, node.per, per));
  const channels = node.actions.filter((action) => action.kind === "TellAction").map((action) => action.channel);
  const tell = lookupAll(context, "channel", channels);
  if (event === null || per === null || kill.includes(null)) return null;
  if (per === "session" && (event.kind === "usual" || event.kind === "first_use")) {
    return refusePast(context, node);
  }
  const scopes = SCOPES.filter((scope) => kill.includes(scope)).toSorted();
  const row = { name: node.name.value, event, per, kill: scopes, tell, doc: node.doc };
  return { row, span: node.name.span };
}

const SCOPES: readonly BreakerScope[] = ["session", "agent", "requester", "fleet"];

/** What a kill may reach, by what the breaker counts: a session stands within its agent and within its requester. */
const WITHIN: { readonly [per in BreakerScope]: readonly BreakerScope[] } = {
  session: ["session"],
  agent: ["session", "agent"],
  requester: ["session", "requester"],
  fleet: SCOPES,
};

function readScope(context: Context, name: Name): BreakerScope | null {
  const scope = SCOPES.find((candidate) => candidate === name.value);
  if (scope) return scope;
  reportUnknown(context.report, { code: "AP2101", what: "scope", name }, SCOPES);
  return null;
}

function readKill(context: Context, name: Name, perName: Name, per: BreakerScope | null): BreakerScope | null {
  const scope = readScope(context, name);
  if (scope === null || per === null || WITHIN[per].includes(scope)) return scope;
  context.report.error("AP5107", {
    span: name.span,
    message: `what one ${per} does can't kill ${scope === "fleet" ? "the fleet" : `a whole ${scope}`}`,
    label: `wider than \`per ${per}\``,
    related: [{ span: perName.span, label: "counted here" }],
    help: `kill ${WITHIN[per].map((one) => `\`${one}\``).join(" or ")}, or count \`per ${scope}\``,
  });
  return null;
}

function refusePast(context: Context, node: BreakerDeclaration): null {
  context.report.error("AP5108", {
    span: node.per.span,
    message: "a session has no past to compare with",
    label: "begins anew each time",
    related: [{ span: node.event.span, label: "compares with what was before" }],
    help: "count `per agent`",
  });
  return null;
}
