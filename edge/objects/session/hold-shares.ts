/** Asks one holder after the other for its share, always in the same order. */
import type { Holder, HolderRpc, Refusal, ReserveInput } from "../../rpc.ts";
import { withDeadline } from "../../deadline.ts";
import type { Granted, Share } from "./plan.ts";

/** How long another object may take before the request is denied. */
const PATIENCE = 3_000;

export interface HeldShares {
  /** Of those that answered. */
  readonly outputs: ReadonlyMap<Holder, Granted>;
  /** Why it went no further; null where all were asked, or one held nothing so that the rest is in vain. */
  readonly stopped: Refusal | Unreachable | null;
}

/** One that counts didn't answer: what it holds for this request it will settle by asking. */
export class Unreachable extends Error {
  constructor(holder: Holder, cause: unknown) {
    const [kind] = holder.split(" ");
    super(`the object that counts for this ${kind} can't be reached`, { cause });
  }
}

/** @param input of each call, but for what the holder's own share is */
export async function holdShares(
  shares: readonly Share[],
  holderOf: (name: Holder) => HolderRpc,
  input: (holder: Holder) => Omit<ReserveInput, "items">,
): Promise<HeldShares> {
  const outputs = new Map<Holder, Granted>();
  for (const { holder, items } of shares) {
    const ask = { ...input(holder), items };
    try {
      const output = await withDeadline(holderOf(holder).reserve(ask), PATIENCE);
      if ("refused" in output) return { outputs, stopped: output };
      outputs.set(holder, output);
      if (ask.reserve && !output.reserved) break;
    } catch (cause) {
      return { outputs, stopped: new Unreachable(holder, cause) };
    }
  }
  return { outputs, stopped: null };
}
