/** Voting on an approval and using it, as tests do it. */
import type { Answer, ApprovalView, PersonRef, Refusal } from "../../edge/rpc.ts";
import type { Approval, Group, Remainder } from "../../engine/index.ts";
import { ana, approval, asking, finance, type OpenSession } from "./requests.ts";

export interface Vote {
  readonly voter?: PersonRef;
  readonly decision?: "approve" | "deny";
  readonly definitions?: readonly Approval[];
  readonly groups?: readonly Group[];
  readonly owner?: string;
  readonly reason?: string | null;
  readonly digest?: string;
}

export function vote(session: OpenSession, asked: Answer, how: Vote = {}): Promise<ApprovalView | Refusal> {
  return session.rpc.vote({
    sequence: 1,
    approval: asked.approval?.id ?? "",
    voter: how.voter ?? ana,
    approvals: how.definitions ?? [approval("finance_pair")],
    groups: how.groups ?? [finance],
    owner: how.owner ?? "owners",
    decision: how.decision ?? "approve",
    reason: how.reason ?? null,
    request_digest: how.digest ?? asked.request_digest,
  });
}

export function use(session: OpenSession, asked: Answer, again: Remainder = asking(), rest = {}): Promise<Answer> {
  return session.answer({ remainder: again, approval: asked.approval?.id ?? "", ...rest });
}
