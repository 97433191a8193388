/** How much runs under one approval beside what was approved. */
import { durationText } from "../../../engine/index.ts";
import type { Reuse } from "../../../engine/index.ts";
import type { ApprovalChange } from "./approval-order.ts";
import { listed } from "./listed.ts";

export function reuseChanges(before: Reuse | null, after: Reuse | null): readonly ApprovalChange[] {
  if (after === null) return before === null ? [] : [{ direction: "stricter", change: `${text(before)} dropped` }];
  if (before === null) return [{ direction: "looser", change: `${text(after)} added` }];
  const old = new Set(before.varying);
  const now = new Set(after.varying);
  const came = [...now].filter((name) => !old.has(name)).map((name) => `\`${name}\``);
  const went = [...old].filter((name) => !now.has(name)).map((name) => `\`${name}\``);
  return [
    ...extent(before, after),
    ...(came.length === 0 ? [] : [{ direction: "looser" as const, change: `reuse varying ${listed(came)} too` }]),
    ...(went.length === 0
      ? []
      : [{ direction: "stricter" as const, change: `reuse not varying ${listed(went)} any more` }]),
  ];
}

function extent(before: Reuse, after: Reuse): readonly ApprovalChange[] {
  if (before.n === after.n && before.within === after.within) return [];
  const looser = after.n > before.n || after.within > before.within;
  const change = `reuse ${bounds(before)} → ${bounds(after)}`;
  return [{ direction: looser ? "looser" : "stricter", change }];
}

function bounds({ n, within }: Reuse): string {
  return `${n} in ${durationText(within)}`;
}

function text(reuse: Reuse): string {
  return `reuse ${bounds(reuse)}${reuse.varying.length === 0 ? "" : ` varying (${reuse.varying.join(", ")})`}`;
}
