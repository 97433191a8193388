/** Which change a reviewer should see first. */
import type { RequestChange } from "./policy-diff.ts";

const KINDS: { readonly [kind in RequestChange["kind"]]: number } = {
  "newly allowed": 0,
  "less strict": 1,
  "newly denied": 2,
  stricter: 3,
};

/** Harm that can't be taken back weighs most; reading least. */
const CLASSES: { readonly [name: string]: number } = {
  irreversible: 32,
  delete: 16,
  spend: 16,
  admin: 16,
  external: 8,
  execute: 8,
  write: 2,
  read: 1,
};

export function inOrderOfDanger(changes: readonly RequestChange[]): readonly RequestChange[] {
  return changes.toSorted((a, b) => KINDS[a.kind] - KINDS[b.kind] || danger(b) - danger(a));
}

function danger({ classes, after, direction }: RequestChange): number {
  const harm = classes.reduce((sum, name) => sum + (CLASSES[name] ?? 4), 0);
  return direction === "looser" && after.tier === "ask" ? harm / 64 : harm;
}
