/** Rotates a key of an edge on this machine: in the file of its keys, which it reads when it starts or is reloaded. */
import { readKeys, writeKeys } from "../local/edge-keys.ts";
import type { EdgeKeys } from "../local/edge-keys.ts";
import { newEd25519Key } from "../ed25519-key.ts";
import type { KeyKind } from "../../edge/key-times.ts";
import { newSymmetricKey } from "../new-key.ts";
import { planRotation } from "./plan-rotation.ts";
import type { Rotation } from "./plan-rotation.ts";

/** @param now UTC seconds. */
export async function rotateLocal(directory: string, kind: KeyKind, now: number, drop: boolean): Promise<Rotation> {
  const keys = await readKeys(directory);
  const present = [0, ...keys.later[kind].map(({ from }) => from)];
  const plan = planRotation({ kind, present, now, lead: 0, drop });
  if (plan.kind === "rotate") await writeKeys(directory, { ...keys, ...(await rotated(keys, kind, plan)) });
  return plan;
}

type Plan = Rotation & { readonly kind: "rotate" };

async function rotated({ later }: EdgeKeys, kind: KeyKind, plan: Plan): Promise<Partial<EdgeKeys>> {
  switch (kind) {
    case "session":
      return { later: { ...later, session: await replaced(later.session, plan, async () => newSymmetricKey()) } };
    case "permit":
      return { later: { ...later, permit: await replaced(later.permit, plan, newEd25519Key) } };
    case "checkpoint":
      if (plan.made.includes(0)) return { checkpoint_key: await newEd25519Key(), later: { ...later, checkpoint: [] } };
      return { later: { ...later, checkpoint: await replaced(later.checkpoint, plan, newEd25519Key) } };
  }
}

interface Dated<Key> {
  readonly from: number;
  readonly key: Key;
}

async function replaced<Key>(
  keys: readonly Dated<Key>[],
  { made, removed }: Plan,
  make: () => Promise<Key>,
): Promise<Dated<Key>[]> {
  const fresh = await Promise.all(made.map(async (from) => ({ from, key: await make() })));
  return [...keys.filter(({ from }) => !removed.includes(from)), ...fresh];
}
