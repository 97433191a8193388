/** Every rule and limit of a table: gone, rehearsed only, about more, or with a higher bound. */
import type { Block, Limit, Rule, Scope, TableBody } from "../../../engine/index.ts";
import { type Loosening, without } from "./loosening.ts";

export function looseRules(body: TableBody): readonly Loosening[] {
  return body.blocks.flatMap((block, at) => {
    const changed = (change: Partial<Block>): TableBody => ({
      ...body,
      blocks: body.blocks.with(at, { ...block, ...change }),
    });
    return [
      ...block.rules.flatMap((_, index) => ruleLoosenings(block, index, changed)),
      ...block.limits.flatMap((_, index) => limitLoosenings(block, index, changed, body)),
    ];
  });
}

const ANYTHING: Scope = { select: [{ kind: "any" }], except: [], on: null, on_except: [] };

/** The table with another block in the place of the one that is looked at. */
type Changed = (change: Partial<Block>) => TableBody;

function ruleLoosenings(block: Block, index: number, changed: Changed): readonly Loosening[] {
  const { rules } = block;
  const rule = rules[index];
  if (rule === undefined || rule.trial) return [];
  const one = (what: string, change: Partial<Rule>): Loosening => ({
    name: `${what}: ${rule.text}`,
    body: changed({ rules: rules.with(index, { ...rule, ...change }) }),
  });
  const gone: Loosening = { name: `dropped: ${rule.text}`, body: changed({ rules: without(rules, index) }) };
  const grants = block.kind !== "every" && rule.tier !== "never";
  return [
    ...(grants ? looseGrants(rule).map(([what, change]) => one(what, change)) : [gone, one("trial", { trial: true })]),
    ...rule.via.map((name) => {
      const via = rule.via.filter((other) => other !== name);
      return one(`without ${name}`, via.length === 0 ? { via, tier: "allow" } : { via });
    }),
  ];
}

function looseGrants({ when, scope, until, tier }: Rule): readonly (readonly [what: string, change: Partial<Rule>])[] {
  return [
    ...(when === null ? [] : [["without its condition", { when: null }] as const]),
    ...(scope.on === null ? [] : [["without `on`", { scope: { ...scope, on: null } }] as const]),
    ["about anything", { when: null, scope: ANYTHING }],
    ...(until === null ? [] : [["without an end", { until: null }] as const]),
    ...(tier === "allow" ? [] : [["as an allow", { tier: "allow", via: [], to: [] }] as const]),
  ];
}

function limitLoosenings(
  { limits }: Block,
  index: number,
  changed: Changed,
  { approvals }: TableBody,
): readonly Loosening[] {
  const limit = limits[index];
  if (limit === undefined || limit.trial) return [];
  const one = (what: string, change: Partial<Limit>): Loosening => ({
    name: `${what}: ${limit.text}`,
    body: changed({ limits: limits.with(index, { ...limit, ...change }) }),
  });
  return [
    { name: `dropped: ${limit.text}`, body: changed({ limits: without(limits, index) }) },
    one("trial", { trial: true }),
    one("to more", { n: `${limit.n}0`.replace(/(\.\d+)0$/, "9$1") }),
    one("when never", { when: { op: "constant", value: false } }),
    one("for each id", { keys: [...limit.keys, ["id"]] }),
    ...(limit.window === null ? [] : [one("in less time", { window: 1000 })]),
    ...(limit.via === null ? [one("then ask", { via: approvals[0]?.name ?? "" })] : []),
  ];
}
