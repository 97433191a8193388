/** Two fates of one request: which is looser. Deny < ask < notify < allow. */
import type { Approval, Channel } from "../../../engine/index.ts";
import type { Fate } from "../space/effect.ts";
import { asksAsMuch, type Tables } from "./approval-order.ts";

const LOOSENESS: { readonly [tier in Fate["tier"]]: number } = { deny: 0, ask: 1, notify: 2, allow: 3 };

export interface FateOrder {
  readonly looser: boolean;
  readonly stricter: boolean;
}

/** Both where each asks somebody, or tells somebody, whom the other doesn't. */
export function compareFates(before: Fate, after: Fate, tables: Tables): FateOrder {
  const step = LOOSENESS[after.tier] - LOOSENESS[before.tier];
  if (step !== 0) return { looser: step > 0, stricter: step < 0 };
  const approvals = uncovered(before, after, tables);
  const told = { gone: without(before.to, after.to, tables), come: without(after.to, before.to, swapped(tables)) };
  return { looser: approvals.gone || told.gone, stricter: approvals.come || told.come };
}

function swapped({ before, after, roles }: Tables): Tables {
  return { before: after, after: before, roles };
}

/** Approvals that nothing on the other side makes up for. One of a name is compared by itself, beside the decisions. */
function uncovered(before: Fate, after: Fate, tables: Tables): { gone: boolean; come: boolean } {
  const old = approvalsOf(before.via, tables.before.body.approvals);
  const now = approvalsOf(after.via, tables.after.body.approvals);
  const gone = old.some((one) => !now.some((other) => other.name === one.name || asksAsMuch(one, other, tables)));
  const come = now.some(
    (one) => !old.some((other) => other.name === one.name || asksAsMuch(one, other, swapped(tables))),
  );
  return { gone, come };
}

function approvalsOf(names: readonly string[], all: readonly Approval[]): readonly Approval[] {
  return names.flatMap((name) => all.find((one) => one.name === name) ?? []);
}

/** Is a channel of the first told that the second doesn't tell, under this or another name? */
function without(old: readonly string[], now: readonly string[], { before, after }: Tables): boolean {
  const address = (name: string, channels: readonly Channel[]): string => {
    const found = channels.find((one) => one.name === name);
    return found === undefined ? name : JSON.stringify([found.kind, found.secret]);
  };
  const told = new Set(now.flatMap((name) => [name, address(name, after.body.channels)]));
  return old.some((name) => !told.has(name) && !told.has(address(name, before.body.channels)));
}
