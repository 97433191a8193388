/** Rules and limits as rows of the table: sorted by id, two that mean the same made one. */
import { printLimit, printRule, type Span } from "../../dsl/index.ts";
import type { Block, Limit, Rule } from "../../engine/index.ts";
import type { ResolvedBlock, ResolvedLimit, ResolvedRule } from "../program.ts";
import { compareText } from "../sorted-set.ts";
import { counterId, limitId, ruleId } from "./row-id.ts";

export interface LoweredBlock {
  readonly block: Block;
  /** By id; a row written twice has all its places. */
  readonly spans: ReadonlyMap<string, readonly Span[]>;
}

export function lowerBlock(block: ResolvedBlock): LoweredBlock {
  const spans = new Map<string, Span[]>();
  const rules = block.rules.map((rule) => lowerRule(block, rule, spans));
  const limits = block.limits.map((limit) => lowerLimit(block, limit, spans));
  const { kind, name } = block;
  return { block: { kind, name, rules: joinRows(rules), limits: joinRows(limits) }, spans };
}

function lowerRule(block: ResolvedBlock, rule: ResolvedRule, spans: Map<string, Span[]>): Rule {
  const id = ruleId(block, rule);
  addPlace(spans, id, rule.node.span);
  const { node, tier, trial, scope, when, to, via, until } = rule;
  return { id, tier, trial, scope, when, to, via, until, text: printRule(node), doc: node.doc };
}

function lowerLimit(block: ResolvedBlock, limit: ResolvedLimit, spans: Map<string, Span[]>): Limit {
  const id = limitId(block, limit);
  addPlace(spans, id, limit.node.span);
  const { node, trial, scope, when, total, n, window, per, keys, via } = limit;
  const counter = counterId(block, limit);
  return { id, counter, trial, scope, when, total, n, window, per, keys, via, text: printLimit(node), doc: node.doc };
}

function addPlace(spans: Map<string, Span[]>, id: string, span: Span): void {
  const places = spans.get(id) ?? [];
  places.push(span);
  spans.set(id, places);
}

/**
 * Rows of one id mean the same but may be spelt and documented in different ways. Which spelling stays must not
 * depend on the order of files, so it is the first by text, with every comment that any of them has.
 */
function joinRows<Row extends Rule | Limit>(rows: readonly Row[]): readonly Row[] {
  const byId = new Map<string, Row[]>();
  for (const row of rows) {
    const same = byId.get(row.id);
    if (same === undefined) byId.set(row.id, [row]);
    else same.push(row);
  }
  return [...byId.keys()].toSorted().map((id) => joinSame(byId.get(id) ?? []));
}

function joinSame<Row extends Rule | Limit>(rows: readonly Row[]): Row {
  const [first] = rows.toSorted((a, b) => compareText(a.text, b.text));
  if (!first) throw new Error("a row without a row");
  if (rows.length === 1) return first;
  const docs = [...new Set(rows.flatMap((row) => row.doc ?? []))].toSorted();
  return { ...first, doc: docs.length === 0 ? null : docs.join("\n") };
}
