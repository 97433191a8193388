/** Ids of rules and limits: hashes of what they mean and of the block they stand in, never of how they are written. */
import type { Limit, Rule } from "../../engine/index.ts";
import { sha256Hex } from "../hash.ts";
import type { ResolvedBlock, ResolvedLimit, ResolvedRule } from "../program.ts";

type BlockKey = Pick<ResolvedBlock, "kind" | "name">;

/** `r_` and 12 hex digits. */
export function ruleId(block: BlockKey, rule: ResolvedRule): Rule["id"] {
  const known = ids.get(rule);
  if (known !== undefined) return known;
  const id = `r_${sha256Hex(meaningOfRule(block, rule)).slice(0, 12)}`;
  ids.set(rule, id);
  return id;
}

const ids = new WeakMap<ResolvedRule, Rule["id"]>();

/** `l_` and 12 hex digits. */
export function limitId(block: BlockKey, limit: ResolvedLimit): Limit["id"] {
  return `l_${sha256Hex(meaningOfLimit(block, limit)).slice(0, 12)}`;
}

/** `c_` and 24 hex digits: without N and `then`, so that raising N keeps the count. */
export function counterId(block: BlockKey, limit: ResolvedLimit): Limit["counter"] {
  return `c_${sha256Hex(JSON.stringify(counted(block, limit))).slice(0, 24)}`;
}

/** Every row is built by the same code, so its keys stand in one order and its JSON is canonical. */
export function meaningOfRule(block: BlockKey, rule: ResolvedRule): string {
  const known = meanings.get(rule);
  if (known !== undefined) return known;
  const meaning = writtenMeaning(block, rule);
  meanings.set(rule, meaning);
  return meaning;
}

/** A rule stands in one block and never changes, and several stages ask for its meaning. */
const meanings = new WeakMap<ResolvedRule, string>();

function writtenMeaning(block: BlockKey, rule: ResolvedRule): string {
  const { tier, trial, scope, when, to, via, until } = rule;
  return JSON.stringify([block.kind, block.name, tier, trial, scope, when, to, via, until]);
}

export function meaningOfLimit(block: BlockKey, limit: ResolvedLimit): string {
  return JSON.stringify([...counted(block, limit), limit.n, limit.via]);
}

function counted(block: BlockKey, limit: ResolvedLimit): readonly unknown[] {
  const { trial, scope, when, total, window, per, keys } = limit;
  return [block.kind, block.name, trial, scope, when, total, window, per, keys];
}
