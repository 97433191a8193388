/** Sends what is in the session's outbox. What fails stays there, later due. */
import type { Holder, HolderRpc, SessionReport, SwitchboardRpc } from "../../rpc.ts";
import { deadlineOf } from "../../approvals/approval.ts";
import { readApproval } from "../../approvals/approval-store.ts";
import { withDeadline } from "../../deadline.ts";
import { delivered, type Parcel, parcels, undelivered } from "../outbox.ts";
import type { SessionContext } from "./session-context.ts";
import type { Member } from "./member.ts";

const PATIENCE = 5_000;

/** What is posted meanwhile goes out as well; what failed waits for the alarm. */
export async function deliver(
  context: SessionContext,
  root: Member,
  holder: (name: Holder) => HolderRpc,
  switchboard: SwitchboardRpc,
): Promise<void> {
  for (let waiting = parcels(context.sql); waiting.length > 0; waiting = untried(context)) {
    const freezes = waiting.filter((parcel) => parcel.kind === "freeze");
    const reports = waiting.filter((parcel) => parcel.kind !== "freeze");
    for (const { name, session, own } of byHolder(root, reports))
      await send(context, own, () => holder(name).report(reportOf(context, session, own)));
    for (const parcel of freezes) await send(context, [parcel], () => switchboard.flip(flipOf(root, parcel)));
  }
}

interface Batch {
  readonly name: Holder;
  /** Which of the tree they are about. */
  readonly session: string;
  readonly own: Parcel[];
}

/** @param root names the holder and session of parcels that name none */
function byHolder(root: Member, reports: readonly Parcel[]): readonly Batch[] {
  const batches = new Map<string, Batch>();
  for (const parcel of reports) {
    const name: Holder = parcel.holder === "" ? `agent ${root.agent}` : parcel.holder;
    const session = parcel.session ?? root.session;
    const batch = batches.get(`${session} ${name}`) ?? { name, session, own: [] };
    batch.own.push(parcel);
    batches.set(`${session} ${name}`, batch);
  }
  return [...batches.values()];
}

function untried(context: SessionContext): readonly Parcel[] {
  return parcels(context.sql).filter((parcel) => parcel.tries === 0);
}

async function send(context: SessionContext, sent: readonly Parcel[], call: () => Promise<object>): Promise<void> {
  try {
    const answer = await withDeadline(call(), PATIENCE);
    if ("refused" in answer) throw new Error(`refused: ${String(answer.refused)}`);
  } catch (cause) {
    console.warn("another object can't be told yet; trying again later", {
      parcels: sent.length,
      cause: String(cause),
    });
    undelivered(context.sql, sent, context.clock.now());
    return;
  }
  delivered(context.sql, sent);
}

function reportOf(context: SessionContext, session: string, reports: readonly Parcel[]): SessionReport {
  const subjects = (kind: Parcel["kind"]) => reports.filter((each) => each.kind === kind).map((each) => each.subject);
  const ended = reports.find((each) => each.kind === "ended");
  return {
    session,
    confirm: reports
      .filter((each) => each.kind === "confirm")
      .map((each) => ({ reservation: each.subject, at: each.at })),
    release: subjects("release"),
    asked: subjects("asked"),
    // One approval may have been resolved and reopened since: what it is now is what counts.
    resolved: subjects("resolved").filter((id) => pendingUntil(context, id) === null),
    reopened: subjects("reopened").flatMap((approval) => {
      const expires = pendingUntil(context, approval);
      return expires === null ? [] : [{ approval, expires }];
    }),
    ended: ended === undefined ? null : { status: ended.subject === "closed" ? "closed" : "expired", at: ended.at },
  };
}

/** Null when it isn't pending. */
function pendingUntil(context: SessionContext, id: string): number | null {
  const approval = readApproval(context.sql, id);
  return approval?.state.status === "pending" ? deadlineOf(approval.state) : null;
}

function flipOf(row: Member, parcel: Parcel): Parameters<SwitchboardRpc["flip"]>[0] {
  // The name of this author is `FLOOD_AUTHOR`.
  const by = { iss: "edge", sub: "flood", email: null, claims: {} };
  return { sequence: row.sequence, scope: "session", name: row.session, reason: parcel.subject, by };
}
