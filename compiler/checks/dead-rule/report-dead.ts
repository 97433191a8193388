/** The words for a rule that never decides. */
import type { ResolvedBlock, ResolvedRule } from "../../program.ts";
import { meaningOfRule } from "../../lower/row-id.ts";
import type { CheckContext } from "../check.ts";
import { holderOf, witness } from "../witness.ts";
import type { Death } from "./dead-rule.ts";
import { isStricter } from "./judge.ts";
import type { Told } from "./rule-cell.ts";

export function reportDead(block: ResolvedBlock, rule: ResolvedRule, death: Death, context: CheckContext): void {
  if (!death.applies) return reportImpossible(rule, context);
  const { self } = death;
  if (self === null) return;
  // What another role does is no mistake of this one: roles are written to be put together.
  const near = death.by.filter((told) => told.block === block || told.block.kind === "every");
  const stricter = near.find((told) => isStricter(told, self));
  if (stricter) return reportShadowed(block, rule, stricter, context);
  const same = near.find(
    (told) => told.rule.tier === rule.tier && isOther(block, rule, told, death) && gateOf(told) === null,
  );
  if (same) return reportCovered(block, rule, same, context);
  // Several together cover it, and it covers none of them: those would have had the message.
  const together = death.by.length === 0 && !death.coversSome;
  if (together && death.beside.every((told) => told.block === block)) reportCovered(block, rule, null, context);
}

/** Of two that do the same the second is reported; two that mean the same, and `allow *`, have their own message. */
function isOther(block: ResolvedBlock, rule: ResolvedRule, told: Told, { covered }: Death): boolean {
  if (told.rule.tier === "allow" && told.rule.scope.select.some(({ kind }) => kind === "any")) return false;
  if (told.block === block && meaningOfRule(block, told.rule) === meaningOfRule(block, rule)) return false;
  return !covered.has(told.rule) || told.block.rules.indexOf(told.rule) < block.rules.indexOf(rule);
}

/**
 * What would have to be otherwise: the condition, the patterns, or what is left of the actions. A restriction that
 * names no action also guards those to come, so of it this is no more than a note.
 */
function reportImpossible({ node, tier, scope, until }: ResolvedRule, { report, today }: CheckContext): void {
  if (until !== null && today !== null && until <= today) {
    return report.warning("AP4100", {
      span: node.until?.span ?? node.tierSpan,
      message: `this \`${tier}\` never applies`,
      label: "it has ended",
      help: "remove the rule, or give it a later end",
    });
  }
  const { guard, on, tierSpan } = node;
  const guardsMore = tier !== "allow" && scope.select.every(({ kind }) => kind !== "action");
  const [pattern] = on ?? [];
  const byPattern = guard === null && pattern !== undefined;
  const parts = [...(guard === null ? [] : ["condition"]), ...(pattern === undefined ? [] : ["patterns"])];
  report[guardsMore ? "note" : "warning"]("AP4100", {
    span: guard?.span ?? pattern?.span ?? tierSpan,
    message: `this \`${tier}\` never applies${guardsMore ? " to an action that there is today" : ""}`,
    label: byPattern ? "no resource can match this" : "no request can meet this",
    help:
      parts.length === 0
        ? "remove the rule"
        : `mend the ${parts.join(" or the ")}, or ${guardsMore ? "leave it for actions to come" : "remove the rule"}`,
  });
}

function reportShadowed(block: ResolvedBlock, rule: ResolvedRule, by: Told, context: CheckContext): void {
  context.report.warning("AP4101", {
    span: rule.node.tierSpan,
    message: `this \`${rule.tier}\` never decides: a stricter rule always applies as well`,
    label: `always overruled by \`${by.rule.tier}\``,
    related: [{ span: by.rule.node.tierSpan, label: "this one decides" }],
    help: helpFor(by),
    witness: overruled(context, block, rule, by),
  });
}

/** The class that an import keeps shut: a review opens it, and a rule behind it is right to wait for that. */
function gateOf({ rule }: Told): string | null {
  const gate = rule.scope.select.find((one) => one.kind === "class" && one.name.endsWith("_unreviewed"));
  return rule.tier === "never" && gate?.kind === "class" ? gate.name : null;
}

function helpFor(by: Told): string {
  const gate = gateOf(by);
  if (gate !== null) return `review the action and remove \`${gate}\` from it`;
  return "remove it, or say in the stricter rule when it doesn't hold (`except`, `unless`)";
}

/** A request that both are about, and what comes of it. */
function overruled(context: CheckContext, block: ResolvedBlock, rule: ResolvedRule, by: Told): string | null {
  const agent = holderOf(context.program, block);
  const [action] = rule.actions;
  if (agent === null || !action || rule.scope.on !== null) return null;
  const fate = by.rule.tier === "never" ? "deny" : by.rule.tier;
  return witness(context, { agent, action: action.name, where: fate === "deny" ? null : rule.when, fate });
}

function reportCovered(block: ResolvedBlock, rule: ResolvedRule, by: Told | null, context: CheckContext): void {
  context.report.warning("AP4102", {
    span: rule.node.tierSpan,
    message: `this \`${rule.tier}\` changes nothing: ${by === null ? "other rules do" : "another rule does"} the same`,
    label: "covered",
    related: by === null ? [] : [{ span: by.rule.node.tierSpan, label: "by this one" }],
    help: "remove it, or one of the two",
    witness: covered(context, block, rule),
  });
}

/** A request that it is about. Of a `never` none would show that it is this one that forbids. */
function covered(context: CheckContext, block: ResolvedBlock, rule: ResolvedRule): string | null {
  const agent = holderOf(context.program, block);
  const [action] = rule.actions;
  if (agent === null || !action || rule.scope.on !== null || rule.tier === "never") return null;
  return witness(context, { agent, action: action.name, where: rule.when, fate: rule.tier });
}
