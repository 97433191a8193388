/** AP4104: a limit that is never reached, because a tighter one is met first or because nothing that it counts is granted. */
import type { Action } from "../../engine/index.ts";
import { meaningOfLimit } from "../lower/row-id.ts";
import { point } from "./point.ts";
import type { Program, ResolvedBlock, ResolvedLimit } from "../program.ts";
import { SESSION_OPEN } from "../collect/names.ts";
import { blocksFor, type CheckContext } from "./check.ts";
import { surelyAbout } from "./restricts.ts";

export function checkIdleLimit({ program, report }: CheckContext): void {
  const every = program.blocks.filter((block) => block.kind === "every");
  const granted = grantsByBlock(program);
  for (const block of program.blocks) {
    const beside = [block, ...every.filter((other) => other !== block)].flatMap((one) => one.limits);
    for (const limit of block.limits) {
      if (limit.trial || limit.actions.length === 0) continue;
      const tighter = beside.find((other) => other !== limit && isMetFirst(other, limit, block));
      if (tighter) reportTighter(limit, tighter, report);
      else if (block.kind !== "every" && countsNothing(limit, granted.get(block))) reportNothing(limit, report);
    }
  }
}

/** Whether `other` is over wherever `limit` is. */
function isMetFirst(other: ResolvedLimit, limit: ResolvedLimit, block: ResolvedBlock): boolean {
  if (other.when !== null || other.trial) return false;
  if (JSON.stringify(other.total) !== JSON.stringify(limit.total)) return false;
  if (!isWider(other, limit) || point(number(other.n)) > point(number(limit.n))) return false;
  if (other.via !== null && other.via !== limit.via) return false;
  const keys = new Set(limit.keys.map((key) => key.join(".")));
  if (!other.keys.every((key) => keys.has(key.join(".")))) return false;
  // Last, since a limit on a class may be about every action there is.
  if (!limit.actions.every((action) => surelyAbout(other, action))) return false;
  // Of two that are the same the second is reported; two that mean the same have their own message.
  if (!isMutual(other, limit)) return true;
  if (block.limits.includes(other) && meaningOfLimit(block, other) === meaningOfLimit(block, limit)) return false;
  return !block.limits.includes(other) || block.limits.indexOf(other) < block.limits.indexOf(limit);
}

function number(value: string): { readonly type: "number"; readonly value: string } {
  return { type: "number", value };
}

/** Counts for more of them, or for as many, and for as long. */
function isWider(other: ResolvedLimit, limit: ResolvedLimit): boolean {
  const order = ["session", "agent", "fleet"];
  if (other.per !== limit.per && !(order.indexOf(other.per) > order.indexOf(limit.per) && limit.per !== "requester")) {
    return false;
  }
  if (other.window === null) return other.per === limit.per;
  return limit.window !== null && other.window >= limit.window;
}

function isMutual(other: ResolvedLimit, limit: ResolvedLimit): boolean {
  return (
    other.n === limit.n &&
    other.per === limit.per &&
    other.window === limit.window &&
    other.keys.length === limit.keys.length &&
    other.actions.length === limit.actions.length &&
    limit.when === null &&
    limit.scope.on === null
  );
}

/** What agents with the block may do, by block. */
function grantsByBlock(program: Program): ReadonlyMap<ResolvedBlock, ReadonlySet<Action>> {
  const granted = new Map<ResolvedBlock, Set<Action>>();
  const grants = new Map<ResolvedBlock, readonly Action[]>();
  for (const block of program.blocks) {
    const rules = block.rules.filter((rule) => rule.tier !== "never" && !rule.trial);
    grants.set(block, block.kind === "every" ? [] : [...new Set(rules.flatMap((rule) => [...rule.actions]))]);
  }
  for (const { row: agent } of program.agents) {
    const roles = [...agent.roles, ...agent.may_become.map(({ role }) => role)];
    const { own } = blocksFor(program, { name: agent.name, roles });
    // Its limits count what other agents do for it.
    const everything = agent.may_call.length > 0 ? program.actions.map(({ row }) => row) : [];
    for (const block of own) {
      const set = granted.get(block) ?? new Set<Action>();
      for (const action of [...everything, ...own.flatMap((other) => grants.get(other) ?? [])]) set.add(action);
      granted.set(block, set);
    }
  }
  return granted;
}

function countsNothing(limit: ResolvedLimit, granted: ReadonlySet<Action> | undefined): boolean {
  if (granted === undefined) return false;
  return !limit.actions.some((action) => granted.has(action) || action.name === SESSION_OPEN);
}

function reportTighter(limit: ResolvedLimit, tighter: ResolvedLimit, report: CheckContext["report"]): void {
  report.warning("AP4104", {
    span: limit.node.to.span,
    message: "this limit is never reached: another one is met first",
    label: "too high to matter",
    related: [{ span: tighter.node.to.span, label: "reached before it" }],
    help: "lower it, or remove it",
  });
}

function reportNothing(limit: ResolvedLimit, report: CheckContext["report"]): void {
  report.warning("AP4104", {
    span: limit.node.select[0]?.span ?? limit.node.span,
    message: "this limit is never reached: no agent that has it may do what it counts",
    label: "not granted",
    help: "grant it, or move the limit into `every agent`, where it also holds for what comes later",
  });
}
