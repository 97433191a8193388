/** Sends what is in the session's outbox. What fails stays there, later due. */
import { personName } from "../../person-name.ts";
import type {
  FlipInput,
  FlipOutput,
  Happening,
  Holder,
  HolderRpc,
  Refusal,
  Reported,
  SessionReport,
  SwitchboardRpc,
  UsedActions,
} from "../../rpc.ts";
import { deadlineOf } from "../../approvals/approval.ts";
import { readApproval } from "../../approvals/approval-store.ts";
import { FLOOD_AUTHOR } from "../../edge-author.ts";
import { withDeadline } from "../../deadline.ts";
import { delivered, type Parcel, parcels, settledBelow, undelivered } from "../outbox.ts";
import { learnOwnFlip } from "./life.ts";
import type { SessionContext } from "./session-context.ts";
import { type Member, requireMember } from "./member.ts";
import { recordTrip, type TripFlip } from "./trip-session.ts";

const PATIENCE = 5_000;

/** What is posted meanwhile goes out as well; what failed waits for the alarm. */
export async function deliver(
  context: SessionContext,
  root: Member,
  holder: (name: Holder) => HolderRpc,
  switchboard: SwitchboardRpc,
): Promise<void> {
  for (let waiting = parcels(context.sql); waiting.length > 0; waiting = untried(context)) {
    const flips = waiting.filter((parcel) => isFlip(parcel));
    const reports = waiting.filter((parcel) => !isFlip(parcel));
    for (const { name, session, own } of byHolder(root, reports)) {
      const call = (): Promise<Reported> => holder(name).report(reportOf(context, session, own));
      await send(context, own, call, (reported) => recordTrips(context, session, own, reported));
    }
    for (const parcel of flips) {
      const flip = flipOf(root, parcel);
      const call = (): Promise<FlipOutput | Refusal> => switchboard.flip(flip);
      await send(context, [parcel], call, ({ epoch }) => learnFlip(context, flip, epoch));
    }
  }
}

function isFlip({ kind }: Parcel): boolean {
  return kind === "freeze" || kind === "trip";
}

/** What breakers of others came to, with whatever the report told them. */
function recordTrips(context: SessionContext, session: string, told: readonly Parcel[], { tripped }: Reported): void {
  // An object of an earlier version passes over what it doesn't know: it is told again once it does.
  if (tripped === undefined && told.some(({ kind }) => kind === "happened" || kind === "used"))
    throw new Error("it doesn't count for breakers yet");
  const row = requireMember(context.sql, session);
  for (const { trips } of tripped ?? []) for (const trip of trips) recordTrip(context, row, trip, context.clock.now());
}

function learnFlip(context: SessionContext, { by, scope }: FlipInput, epoch: number): void {
  if (scope === "session") learnOwnFlip(context, personName(by), epoch, context.clock.now());
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

/** @param learn what the answer brings about, in the transaction that removes the parcels */
async function send<T extends object>(
  context: SessionContext,
  sent: readonly Parcel[],
  call: () => Promise<T | Refusal>,
  learn: (answer: T) => void,
): Promise<void> {
  try {
    const answer = await withDeadline(call(), PATIENCE);
    if ("refused" in answer) throw new Error(`refused: ${answer.refused}`);
    context.transaction(() => {
      delivered(context.sql, sent);
      learn(answer);
    });
  } catch (cause) {
    console.warn("another object can't be told yet; trying again later", {
      parcels: sent.length,
      cause: String(cause),
    });
    undelivered(context.sql, sent, context.clock.now());
  }
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
    happened: subjects("happened").map((text) => JSON.parse(text) as Happening),
    used: subjects("used").map((text) => JSON.parse(text) as UsedActions),
    settled: settledBelow(context.sql),
  };
}

/** Null when it isn't pending. */
function pendingUntil(context: SessionContext, id: string): number | null {
  const approval = readApproval(context.sql, id);
  return approval?.state.status === "pending" ? deadlineOf(approval.state) : null;
}

function flipOf({ session, sequence }: Member, { kind, subject, at }: Parcel): FlipInput {
  if (kind === "trip") return { ...(JSON.parse(subject) as TripFlip), sequence };
  const once = JSON.stringify([session, "flood", at]);
  return { sequence, scope: "session", name: session, reason: subject, by: FLOOD_AUTHOR, once };
}
