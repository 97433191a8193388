/** One policy's part in a cell: the rules and limits that can concern an agent's action, with all that they read. */
import { blockReach, maySelect } from "../../../engine/index.ts";
import type { Action, Agent, Block, Fact, Limit, Rule, Selector, Table } from "../../../engine/index.ts";
import { factsRead } from "../../facts-read.ts";
import { readCondition } from "./read-condition.ts";
import type { Reading } from "./read-operand.ts";
import { readPatterns } from "./read-resource.ts";
import { facetsOf, noReads, type Reads } from "./use.ts";
import { wordsRead } from "./words-read.ts";

export interface Side {
  readonly table: Table;
  readonly agent: Agent;
  readonly action: Action;
  readonly rows: readonly SpaceRow[];
}

export interface SpaceRow {
  readonly kind: "rule" | "limit" | "requester";
  /** The rule or limit; null for what the agent itself requires. */
  readonly rule: Rule | null;
  readonly limit: Limit | null;
  readonly mayGrant: boolean;
  /** Set where it counts only while the session has gained this role. */
  readonly role: string | null;
  readonly reads: Reads;
  readonly facets: readonly string[];
  /** Two rows with one meaning are the same, whatever their blocks are called. */
  readonly meaning: string;
}

export interface SideOptions {
  /** Limits are left out: as if none were ever used up. */
  readonly withoutLimits?: boolean;
  /** Ids of rules to leave out. */
  readonly without?: ReadonlySet<string>;
  /** What roles are called here, by what they are called on the other side. */
  readonly roleNames?: ReadonlyMap<string, string>;
  /** Instead of the agent's own blocks. */
  readonly blocks?: readonly PlacedBlock[];
}

export function sideOf(table: Table, agent: Agent, action: Action, options: SideOptions = {}): Side {
  const reading: Reading = { table, agent, action, element: null };
  const blocks = (options.blocks ?? blocksOf(table, agent)).map(({ block, role }) => ({
    block,
    role: role === null ? null : (options.roleNames?.get(role) ?? role),
  }));
  const rules = blocks.flatMap(({ block, role }) =>
    block.rules
      .filter((rule) => !rule.trial && maySelect(rule, action) && options.without?.has(rule.id) !== true)
      .map((rule) => ruleRow(rule, block, role, reading)),
  );
  const limits = blocks.flatMap(({ block, role }) =>
    block.limits
      .filter((limit) => options.withoutLimits !== true && !limit.trial && maySelect(limit, action))
      .flatMap((limit) => limitRows(limit, role, reading)),
  );
  const required = agent.requester_required ? [requesterRow(noReads(), null, null, reading)] : [];
  return { table, agent, action, rows: [...rules, ...limits, ...required] };
}

export interface PlacedBlock {
  readonly block: Block;
  readonly role: string | null;
}

const found = new WeakMap<Agent, { readonly table: Table; readonly blocks: readonly PlacedBlock[] }>();

/** The blocks that can concern the agent, those of roles that it may gain marked with the role. */
export function blocksOf(table: Table, agent: Agent): readonly PlacedBlock[] {
  const known = found.get(agent);
  if (known?.table === table) return known.blocks;
  const blocks = findBlocks(table, agent);
  found.set(agent, { table, blocks });
  return blocks;
}

function findBlocks({ body }: Table, agent: Agent): readonly PlacedBlock[] {
  return body.blocks.flatMap((block): readonly PlacedBlock[] => {
    const reach = blockReach(block, agent);
    return reach === "never" ? [] : [{ block, role: reach === "become" ? block.name : null }];
  });
}

function ruleRow(rule: Rule, block: Block, role: string | null, reading: Reading): SpaceRow {
  const reads = readsOf(rule, reading);
  if (rule.until !== null) reads.whole.add("time");
  if (role !== null) reads.whole.add(`role ${role}`);
  const mayGrant = block.kind !== "every";
  const { tier, scope, when, via, to, until } = rule;
  const meaning = meaningOf([mayGrant, role, tier, scope, when, via, to, until], rule, reading);
  return { kind: "rule", rule, limit: null, mayGrant, role, reads, facets: [...facetsOf(reads)], meaning };
}

function limitRows(limit: Limit, role: string | null, reading: Reading): readonly SpaceRow[] {
  const reads = readsOf(limit, reading);
  if (role !== null) reads.whole.add(`role ${role}`);
  const personal = limit.per === "requester" ? [requesterRow(copied(reads), limit, role, reading)] : [];
  if (limit.total !== null) readTotal(limit, reads);
  // A count of actions is over at once only where not even one is admitted.
  const over = limit.total !== null || limit.n === "0";
  const { scope, when, total, n, via } = limit;
  const meaning = meaningOf(["limit", role, scope, when, total, n, via], limit, reading);
  const row: SpaceRow = {
    kind: "limit",
    rule: null,
    limit,
    mayGrant: false,
    role,
    reads,
    facets: [...facetsOf(reads)],
    meaning,
  };
  return over ? [row, ...personal] : personal;
}

function readTotal({ total, n }: Limit, reads: Reads): void {
  const [name = "", ...path] = total ?? [];
  const [whole = "0", fraction = ""] = n.split(".");
  const point = BigInt(whole + fraction.padEnd(6, "0"));
  reads.uses.push({ site: { facet: `args.${name}`, path }, what: { kind: "points", points: [point] } });
  reads.whole.add(`args.${name}`);
}

/** Denies where nobody stands behind the session. */
function requesterRow(reads: Reads, limit: Limit | null, role: string | null, reading: Reading): SpaceRow {
  reads.whole.add("requester");
  const parts = ["requester", role, limit?.scope ?? null, limit?.when ?? null];
  const meaning = meaningOf(parts, limit, reading);
  return { kind: "requester", rule: null, limit, mayGrant: false, role, reads, facets: [...facetsOf(reads)], meaning };
}

function copied({ uses, local, whole }: Reads): Reads {
  return { uses: [...uses], local: new Map(local), whole: new Set(whole) };
}

function readsOf({ scope, when }: Pick<Rule, "scope" | "when">, reading: Reading): Reads {
  const reads = noReads();
  for (const selector of [...scope.select, ...scope.except]) readClass(selector, reading, reads);
  if (scope.on !== null) readPatterns([...scope.on, ...scope.on_except], reading, reads);
  if (when !== null) readCondition(when, reading, reads);
  return reads;
}

function readClass(selector: Selector, reading: Reading, reads: Reads): void {
  if (selector.kind !== "class") return;
  for (const { name, when } of reading.action.classes) {
    if (name === selector.name && when !== null) readCondition(when, reading, reads);
  }
}

/** What the agent is belongs to the meaning of a row that reads it, and so does what the names in it stand for. */
function meaningOf(parts: readonly unknown[], row: Pick<Rule, "scope" | "when"> | null, reading: Reading): string {
  const { table, agent, action } = reading;
  const reads = [action.classes, action.resources, row?.scope ?? null, row?.when ?? null];
  const facts = reads.flatMap((part) => [...factsRead(part)]);
  const own = AGENT_FACTS.filter(([fact]) => facts.includes(fact)).map(([fact, value]) => [fact, value(agent)]);
  return JSON.stringify([textOf(action), wordsRead(table, reads), own, ...parts]);
}

const AGENT_FACTS: readonly (readonly [Fact, (agent: Agent) => unknown])[] = [
  ["agent.id", ({ name }) => name],
  ["agent.owner", ({ owner }) => owner],
  ["agent.roles", ({ roles }) => roles],
];

const texts = new WeakMap<Action, string>();

/** Everything of the action that the meaning of a row rests on. */
function textOf(action: Action): string {
  const { params, open, classes, resources } = action;
  const known = texts.get(action) ?? JSON.stringify([params, open, classes, resources]);
  texts.set(action, known);
  return known;
}
