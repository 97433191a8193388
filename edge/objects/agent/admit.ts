/** Whether one more session may open. Inside a transaction, with a lease held. */
import type { LimitRow } from "../../../engine/index.ts";
import { addCount, readUsage } from "../../limits/count-store.ts";
import type { AdmitInput, AdmitOutput } from "../../rpc.ts";
import { useCredentials } from "./agent-row.ts";
import { addSession, capReached } from "./session-list.ts";

type Refused = Exclude<AdmitOutput, { readonly admitted: true }>;

/** Null: admitted, and written down. */
export function admitSession(sql: SqlStorage, input: AdmitInput, now: number): Refused | null {
  if (!useCredentials(sql, input.credentials, now)) return { refused: "replayed_credential" };
  const limits = input.limits.filter((limit) => limit.per === "agent" && !limit.trial && limit.holds !== false);
  const refusal = limits.length === 0 ? byCaps(sql, now) : byLimits(sql, limits, now);
  if (refusal !== null) return refusal;
  for (const limit of limits) addCount(sql, limit, limit.amount, now, now);
  addSession(sql, input.session, input.until, now);
  return null;
}

function byCaps(sql: SqlStorage, now: number): Refused | null {
  const cap = capReached(sql, now);
  return cap === null ? null : exceeded(cap.message, cap.at, now);
}

/** A limit that would ask a person can't here: there is no session yet that could wait. */
function byLimits(sql: SqlStorage, limits: readonly LimitRow[], now: number): Refused | null {
  for (const limit of limits) {
    const usage = readUsage(sql, limit, now);
    if (usage.used + limit.amount > limit.n)
      return exceeded(`opening another session is over the limit \`${limit.text}\``, usage.admits_at, now);
  }
  return null;
}

function exceeded(message: string, at: number | null, now: number): Refused {
  const retry_after = at === null ? null : Math.max(1, Math.ceil((at - now) / 1_000));
  return { admitted: false, reason: "limit_exceeded", message, retry_after };
}
