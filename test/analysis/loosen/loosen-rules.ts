// @ts-nocheck: drafts of recursive table types send the checker round in circles, differently each time
/** Every rule and limit of a table: gone, rehearsed only, about more, or with a higher bound. */
import type { Block, Limit, Rule, TableBody } from "../../../engine/index.ts";
import { type Changed, changing, type Draft, type Loosening } from "./loosening.ts";

export function looseRules(body: TableBody): readonly Loosening[] {
  const changed = changing(body);
  return body.blocks.flatMap((block, at) => [
    ...block.rules.flatMap((rule, index) => ruleLoosenings(block, rule, [at, index], changed)),
    ...block.limits.flatMap((limit, index) => limitLoosenings(limit, [at, index], changed, body)),
  ]);
}

const ANYTHING = { select: [{ kind: "any" }], except: [], on: null, on_except: [] };

type Place = readonly [block: number, index: number];

function ruleLoosenings(block: Block, rule: Rule, [at, index]: Place, changed: Changed): readonly Loosening[] {
  if (rule.trial) return [];
  const one = (what: string, change: (rule: Draft<Rule>) => void): Loosening => ({
    name: `${what}: ${rule.text}`,
    body: changed(({ blocks }) => change(blocks[at]?.rules[index])),
  });
  const gone: Loosening = {
    name: `dropped: ${rule.text}`,
    body: changed(({ blocks }) => void blocks[at]?.rules.splice(index, 1)),
  };
  const grants = block.kind !== "every" && rule.tier !== "never";
  return [
    ...(grants ? [] : [gone, one("trial", (draft) => void (draft.trial = true))]),
    ...(grants && rule.when !== null ? [one("without its condition", (draft) => void (draft.when = null))] : []),
    ...(grants && rule.scope.on !== null ? [one("without `on`", (draft) => void (draft.scope.on = null))] : []),
    ...(grants ? [one("about anything", (draft) => void Object.assign(draft, { when: null, scope: ANYTHING }))] : []),
    ...(grants && rule.until !== null ? [one("without an end", (draft) => void (draft.until = null))] : []),
    ...(grants && rule.tier !== "allow"
      ? [one("as an allow", (draft) => void Object.assign(draft, { tier: "allow", via: [], to: [] }))]
      : []),
    ...rule.via.map((name) =>
      one(`without ${name}`, (draft) => {
        draft.via = draft.via.filter((other) => other !== name);
        if (draft.via.length === 0) draft.tier = "allow";
      }),
    ),
  ];
}

function limitLoosenings(
  limit: Limit,
  [at, index]: Place,
  changed: Changed,
  { approvals }: TableBody,
): readonly Loosening[] {
  if (limit.trial) return [];
  const one = (what: string, change: (limit: Draft<Limit>) => void): Loosening => ({
    name: `${what}: ${limit.text}`,
    body: changed(({ blocks }) => change(blocks[at]?.limits[index])),
  });
  const never = { op: "constant", value: false } as const;
  return [
    { name: `dropped: ${limit.text}`, body: changed(({ blocks }) => void blocks[at]?.limits.splice(index, 1)) },
    one("trial", (draft) => void (draft.trial = true)),
    one("to more", (draft) => void (draft.n = `${limit.n}0`.replace(/(\.\d+)0$/, "9$1"))),
    one("when never", (draft) => void (draft.when = never)),
    one("for each id", (draft) => void draft.keys.push(["id"])),
    ...(limit.window === null ? [] : [one("in less time", (draft) => void (draft.window = 1000))]),
    ...(limit.via === null ? [one("then ask", (draft) => void (draft.via = approvals[0]?.name ?? ""))] : []),
  ];
}
