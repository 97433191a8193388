/** Gateways: services that ask on behalf of agents that they have authenticated themselves. */
import type { GatewayDeclaration } from "../../dsl/index.ts";
import type { Gateway } from "../../engine/index.ts";
import type { Placed } from "../program.ts";
import { type Context, lookupAll } from "./context.ts";
import { type PlacedIdentity, sortedIdentities } from "./read-identity.ts";

/** The gateway; null, with messages, where what it needs is missing. */
export function resolveGateway(
  context: Context,
  node: GatewayDeclaration,
  identities: readonly PlacedIdentity[],
): Placed<Gateway> | null {
  checkComplete(context, node);
  const agents = lookupAll(context, "agent", node.agents);
  if (identities.length === 0 || agents.length === 0) return null;
  const row = { name: node.name.value, identities: sortedIdentities(identities), agents, doc: node.doc };
  return { row, span: node.name.span };
}

function checkComplete({ report }: Context, node: GatewayDeclaration): void {
  const missing = [
    node.identities.length > 0 ? null : { what: "identity", add: '`identity key ed25519 "…"`' },
    node.agents.length > 0 ? null : { what: "agents", add: "`for AGENTS`" },
  ].filter((item) => item !== null);
  if (missing.length === 0) return;
  report.error("AP5109", {
    span: node.name.span,
    message: `gateway \`${node.name.value}\` isn't complete`,
    label: `without ${missing.map(({ what }) => what).join(" and ")}`,
    help: `add ${missing.map(({ add }) => add).join(" and ")}`,
  });
}
