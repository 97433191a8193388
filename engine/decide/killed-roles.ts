/** What is left of a remainder while roles are killed: they stop granting, and what they restrict goes on restricting. */
import type { Remainder, Row } from "../remainder.ts";
import type { State } from "../state.ts";
import { blockTitle } from "../match/block.ts";
import { isGranting } from "./weigh-rules.ts";

export function withoutRoles(rest: Remainder, roles: readonly string[]): Remainder {
  if (roles.length === 0) return rest;
  const blocks = roleBlocks(roles);
  return { ...rest, rows: rest.rows.map((row) => (isOf(row, blocks) ? { ...row, may_grant: false } : row)) };
}

/** Titles of the blocks that grant the request in this state, sorted; empty where none does. */
export function grantedBy(rest: Remainder, state: State): readonly string[] {
  const granting = rest.rows.filter((row) => !row.rule.trial && isGranting(row, state));
  return [...new Set(granting.map(({ rule }) => rule.block))].sort();
}

/** Whether something else grants it as well. @param blocks as `grantedBy` gave them */
export function outlivesRoles(blocks: readonly string[], roles: readonly string[]): boolean {
  const killed = roleBlocks(roles);
  return blocks.some((block) => !killed.has(block));
}

function roleBlocks(roles: readonly string[]): ReadonlySet<string> {
  return new Set(roles.map((name) => blockTitle({ kind: "role", name })));
}

function isOf({ rule, may_grant }: Row, blocks: ReadonlySet<string>): boolean {
  return may_grant && blocks.has(rule.block);
}
