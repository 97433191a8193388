/** Requests that were answered with a problem, or stopped by the shield: told to the ledger, which adds them up. */
import { tellRefusals } from "../metrics/refusals.ts";
import { ledgerShard } from "../objects/env.ts";
import { SHARDS } from "../rpc.ts";
import type { AppContext } from "./context.ts";

/** Behind the answer. */
export function tellRefusalsSoon(c: AppContext): void {
  const telling = tellRefusals(Date.now(), (refusals) => tell(c, refusals));
  if (telling !== null) c.executionCtx.waitUntil(telling);
}

/** Before the numbers are read. */
export async function tellRefusalsNow(c: AppContext): Promise<void> {
  await tellRefusals(null, (refusals) => tell(c, refusals));
}

/** Any shard: so many Workers don't all tell one. */
function tell(c: AppContext, refusals: Parameters<ReturnType<typeof ledgerShard>["countRefusals"]>[0]["refusals"]) {
  const shard = Math.floor(Math.random() * SHARDS);
  return ledgerShard(c.env, shard).countRefusals({ refusals });
}
