/** Two that one key, certificate or token speaks for could each do what the other may. */
import type { Span } from "../../dsl/index.ts";
import type { Identity } from "../../engine/index.ts";
import { type Report, spell } from "../report.ts";
import { addKnown, findOverlap, type Known, noneKnown } from "./find-overlap.ts";
import type { PlacedIdentity } from "./read-identity.ts";
import { issuerKey } from "./read-oidc-identity.ts";

export interface IdentityOwner {
  readonly what: "agent" | "gateway";
  readonly name: string;
  readonly identities: readonly PlacedIdentity[];
}

interface Held {
  readonly owner: IdentityOwner;
  readonly span: Span;
}

/** Over all agents and gateways: each identity must be one's own. */
export function refuseSharedIdentities(owners: readonly IdentityOwner[], report: Report): void {
  const exact = new Map<string, Held>();
  const byIssuer = new Map<string, Known<Held>>();
  for (const owner of owners) {
    for (const { identity, span } of owner.identities) {
      const held = { owner, span };
      if (identity.kind === "oidc") refuseOverlap(identity, held, byIssuer, report);
      else refuseSame(identity, held, exact, report);
    }
  }
}

function refuseSame(
  identity: Exclude<Identity, { kind: "oidc" }>,
  held: Held,
  exact: Map<string, Held>,
  report: Report,
): void {
  const key = JSON.stringify(identity);
  const first = exact.get(key);
  exact.set(key, first ?? held);
  if (!first) return;
  const what = identity.kind === "key" ? "key" : "certificate";
  const { owner } = held;
  const twice = first.owner === owner;
  report.error("AP5034", {
    span: held.span,
    message: twice
      ? `${owner.what} \`${owner.name}\` names this ${what} twice`
      : `\`${first.owner.name}\` and \`${owner.name}\` share an identity`,
    label: `the same ${what}`,
    related: [{ span: first.span, label: "first used here" }],
    help: twice
      ? "remove one of them"
      : what === "key"
        ? `make another key with \`agentpolicy keys new ${spell(owner.name)}\``
        : "give each a certificate of its own",
  });
}

function refuseOverlap(
  identity: Identity & { kind: "oidc" },
  held: Held,
  byIssuer: Map<string, Known<Held>>,
  report: Report,
): void {
  const issuer = issuerKey(identity.issuer);
  const known = byIssuer.get(issuer) ?? noneKnown<Held>();
  byIssuer.set(issuer, known);
  const first = findOverlap(known, identity.claims);
  addKnown(known, held, identity.claims);
  if (first === null) return;
  const twice = first.owner === held.owner;
  report.error("AP5103", {
    span: held.span,
    message: twice
      ? `one token may fit both identities of \`${held.owner.name}\``
      : `one token may be \`${first.owner.name}\`'s and \`${held.owner.name}\`'s`,
    label: "they differ in no claim that both name",
    related: [{ span: first.span, label: "the other one" }],
    help: twice
      ? "remove one of them, or name both values with `in SET`"
      : "let both name one claim with different values, such as `sub`",
  });
}
