/**
 * AP4113: approvals that one request needs together, and too few people for them: one person counts in one of them.
 * Only what surely joins is looked at: the names of one `via`, and an `ask` without condition beside any other.
 */
import type { Name, Span } from "../../dsl/index.ts";
import type { Action, Agent, Approval } from "../../engine/index.ts";
import type { Program, ResolvedBlock, ResolvedRule } from "../program.ts";
import { type AgentBlocks, blocksFor, type CheckContext } from "./check.ts";
import { countPeople, decidersOf, ownersOf } from "./deciders.ts";
import { grantedActions } from "./granted-actions.ts";
import { mayConcern, surelyAbout } from "./restricts.ts";

/** Approvals that join on a request, and where a rule or a limit names each of them. */
type Joined = ReadonlyMap<string, Span>;

/** Who may decide on an approval for one agent. */
interface Desk {
  readonly approval: Approval;
  readonly people: ReadonlySet<string>;
}

export function checkSharedApprovers(context: CheckContext): void {
  const { program } = context;
  // What joins follows from the blocks alone, which many agents share.
  const known = new Map<string, readonly Joined[]>();
  for (const { row: agent } of program.agents) {
    const { own, every } = blocksFor(program, agent);
    const key = own.map(({ kind, name }) => `${kind} ${name}`).join(" ");
    const joined = known.get(key) ?? joinedIn({ own, every });
    known.set(key, joined);
    for (const one of joined) judge(context, agent, one);
  }
}

function joinedIn({ own, every }: Pick<AgentBlocks, "own" | "every">): readonly Joined[] {
  const granted = new Set(own.flatMap((block) => [...grantedActions(block)]));
  const blocks = [...own, ...every];
  const rules = blocks.flatMap((block) => block.rules.filter(({ tier }) => tier === "ask"));
  const found = new Map<string, Joined>();
  for (const { actions, via } of askers(blocks, rules)) {
    for (const action of actions.filter((one) => granted.has(one))) {
      const joined = new Map([...via, ...always(rules, action)].map((name) => [name.value, name.span]));
      if (joined.size > 1) found.set(JSON.stringify([...joined]), joined);
    }
  }
  return [...found.values()];
}

interface Asker {
  readonly actions: readonly Action[];
  readonly via: readonly Name[];
}

function askers(blocks: readonly ResolvedBlock[], rules: readonly ResolvedRule[]): readonly Asker[] {
  const limits = blocks.flatMap((block) => [...block.limits]);
  return [
    ...rules.filter((rule) => !rule.trial).map(({ actions, node }) => ({ actions, via: node.via })),
    ...limits
      .filter((limit) => limit.via !== null && !limit.trial)
      .map(({ actions, node }) => ({ actions, via: node.via === null ? [] : [node.via] })),
  ];
}

/** What every request for the action needs. */
function always(rules: readonly ResolvedRule[], action: Action): readonly Name[] {
  return rules
    .filter(
      (rule) => rule.when === null && rule.until === null && mayConcern(rule, action) && surelyAbout(rule, action),
    )
    .flatMap((rule) => [...rule.node.via]);
}

function judge({ program, report }: CheckContext, agent: Agent, joined: Joined): void {
  const short = shortage(desksOf(program, agent, [...joined.keys()]));
  const [first] = short;
  const span = first && joined.get(first.approval.name);
  if (!first || !span) return;
  const most = reach(short);
  const needed = quorumOf(short);
  report.warning("AP4113", {
    span,
    message: `${names(short)} can never be given for one request of \`${agent.name}\``,
    label: `${countPeople(most)} can decide, ${needed} must: each counts in one of them`,
    related: short.slice(1).flatMap(({ approval }) => {
      const other = joined.get(approval.name);
      return other === undefined ? [] : [{ span: other, label: "needed too" }];
    }),
    help: "name more people, or ask for one of them only",
  });
}

/** Those that can be given by themselves: of the others there are messages of their own. */
function desksOf(program: Program, agent: Agent, approvals: readonly string[]): readonly Desk[] {
  return program.approvals.flatMap(({ row: approval }) => {
    if (!approvals.includes(approval.name)) return [];
    const people = decidersOf(program, approval);
    if (people === null) return [];
    const owners = approval.excluding_owners ? ownersOf(program, agent) : new Set<string>();
    const desk = { approval, people: new Set([...people].filter((person) => !owners.has(person))) };
    return reach([desk]) < approval.quorum ? [] : [desk];
  });
}

/** Two of them, or all together, that too few people stand behind; none where that isn't so. */
function shortage(desks: readonly Desk[]): readonly Desk[] {
  const pairs = desks.flatMap((desk, at) => desks.slice(at + 1).map((other) => [desk, other]));
  return [...pairs, desks].find((some) => reach(some) < quorumOf(some)) ?? [];
}

/** How many can decide on any of them; the requester, where that is somebody else, is one more. */
function reach(desks: readonly Desk[]): number {
  const people = new Set(desks.flatMap((desk) => [...desk.people]));
  return people.size + (desks.some(({ approval }) => approval.requester) ? 1 : 0);
}

function quorumOf(desks: readonly Desk[]): number {
  return desks.reduce((sum, { approval }) => sum + approval.quorum, 0);
}

function names(desks: readonly Desk[]): string {
  const all = desks.map(({ approval }) => `\`${approval.name}\``);
  return `${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""}`;
}
