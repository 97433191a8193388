/** What became of reservations and of places among pending approvals, for whoever holds them. Reads only. */
import { readApproval } from "../../approvals/approval-store.ts";
import type { SettleOutput } from "../../rpc.ts";
import { findParcel } from "../outbox.ts";

/** @param open those that are being decided at this moment */
export function fatesOf(sql: SqlStorage, ids: readonly string[], open: ReadonlySet<string>): SettleOutput {
  const fates = ids.map((id) => fateOf(sql, id, open));
  return { fates: fates.map((each) => each.fate), at: fates.map((each) => each.at) };
}

interface Fate {
  readonly fate: SettleOutput["fates"][number];
  readonly at: number | null;
}

function fateOf(sql: SqlStorage, id: string, open: ReadonlySet<string>): Fate {
  const confirmed = findParcel(sql, "confirm", id);
  if (confirmed !== null) return { fate: "confirm", at: confirmed.at };
  const approval = readApproval(sql, id);
  if (approval?.state.status === "pending") return { fate: "confirm", at: approval.asked_at };
  return { fate: open.has(id) ? "open" : "release", at: null };
}
