/** `prove` blocks: names bound, conditions typed. What they claim is decided once the whole policy is known. */
import { printSelector, type ProveClaim, type ProveDeclaration, type RuleNode } from "../../dsl/index.ts";
import type { ClaimedAbility, ResolvedClaim, ResolvedProof } from "../resolved-proof.ts";
import { typeGuard } from "../type/type-guard.ts";
import { lookupAll, type Resolver } from "./context.ts";
import { resolveScope } from "./resolve-scope.ts";
import type { Selections } from "./selection.ts";

interface ProofPlace {
  readonly resolver: Resolver;
  readonly selections: Selections;
}

type Bound = Extract<ProveClaim, { kind: "Bound" }>;
type NoAgentCan = Extract<ProveClaim, { kind: "NoAgentCan" }>;

/** The proof; null, with messages, where part of a claim is wrong: half a proof proves nothing. */
export function resolveProof(node: ProveDeclaration, place: ProofPlace): ResolvedProof | null {
  const claims = node.claims.map((claim) =>
    claim.kind === "Bound" ? resolveBound(claim, place) : resolveApart(claim, place),
  );
  const sound = claims.filter((claim) => claim !== null);
  return sound.length < claims.length ? null : { title: node.title.value, span: node.title.span, claims: sound };
}

function resolveBound(claim: Bound, { resolver, selections }: ProofPlace): ResolvedClaim | null {
  const via = lookupAll(resolver, "approval", claim.via);
  const clausesSound = checkApprovals(claim, resolver);
  const node = ruleLike(claim, claim.select);
  const scoped = resolveScope(node, { resolver, selections, empty: "note", grantingTier: null, opening: false });
  if (scoped === null) return null;
  const { sound, when } = typeGuard(claim.guard, scoped.conditionScope, "limit", resolver);
  const known = via.length === new Set(claim.via.map((name) => name.value)).size;
  if (!sound || !clausesSound || !known) return null;
  const { span, bound, tier } = claim;
  return { kind: "bound", span, scope: scoped.scope, when, actions: scoped.actions, bound, tier, via };
}

function checkApprovals({ via, tier }: Bound, { report }: Resolver): boolean {
  const [first] = via;
  if (first === undefined || tier === "ask") return true;
  report.error("AP3087", {
    span: first.span,
    message: "`via` belongs to `ask`",
    label: "asks nobody here",
    help: `remove it, or claim \`ask via ${first.value}\``,
  });
  return false;
}

function resolveApart(claim: NoAgentCan, { resolver, selections }: ProofPlace): ResolvedClaim | null {
  const each = claim.select.map((selector): ClaimedAbility | null => {
    const node = ruleLike(claim, [selector]);
    const scoped = resolveScope(node, { resolver, selections, empty: "note", grantingTier: null, opening: false });
    return scoped && { scope: scoped.scope, actions: scoped.actions, text: printSelector(selector) };
  });
  const sound = each.filter((one) => one !== null);
  return sound.length < each.length ? null : { kind: "apart", span: claim.span, each: sound };
}

/** A claim selects as a rule without `on` and `except` does. */
function ruleLike(claim: ProveClaim, select: RuleNode["select"]): RuleNode {
  return {
    kind: "Rule",
    doc: null,
    trial: false,
    tier: "never",
    tierSpan: claim.span,
    select,
    except: [],
    on: null,
    onExcept: [],
    guard: claim.kind === "Bound" ? claim.guard : null,
    to: [],
    via: [],
    until: null,
    span: claim.span,
  };
}
