/**
 * One agent: its sessions, the credentials it used, the limits that all its sessions share, its pending approvals and
 * its lease. It grants its sessions only what is left of its own lease, so that all leases have one root.
 */
import { DurableObject } from "cloudflare:workers";
import { nextFlip, sendFlips } from "../breakers/flip-store.ts";
import { takeHappenings } from "../breakers/take-happenings.ts";
import { beginWatching, usualView } from "../breakers/usage-store.ts";
import { fullest } from "../limits/fullest.ts";
import { confirm, release, reserve } from "../limits/reservations.ts";
import type {
  AdmitInput,
  AdmitOutput,
  AgentRpc,
  Gauges,
  LeaseOutput,
  ReachOutput,
  Refusal,
  Reported,
  ReserveInput,
  ReserveOutput,
  SessionReport,
  StandingInput,
  SwitchNotice,
} from "../rpc.ts";
import { admitAgain, admitSession, stopsOpening } from "./agent/admit.ts";
import { introduceAgent, learnSequence, noteClock, readAgent, useCredentials } from "./agent/agent-row.ts";
import { noticeForSessions, reachOf, readNotice, takeNotice } from "./agent/notice-store.ts";
import { confirmPlace, leavePlace, pendingPlaces, returnToPlace, takePlace } from "./agent/places.ts";
import { pushSwitches } from "./agent/push-switches.ts";
import { createTables } from "./agent/schema.ts";
import { createSetCopies } from "./agent/set-copies.ts";
import { confirmSession, countLive, endSession, hasSession, listSessions } from "./agent/session-list.ts";
import { standingSession } from "./agent/standing-sessions.ts";
import { nextUpkeep, upkeep } from "./agent/upkeep.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import { type Clock, createClock } from "./clock.ts";
import { joined } from "../joined.ts";
import { withDeadline } from "../deadline.ts";
import { killedMessage, stopsAgent } from "../switches/switch-reach.ts";
import { type ObjectEnv, sessionOf, switchboardOf } from "./env.ts";
import { atLeast, type HeldLease, holdLease, isHeld, isPastHalf, leftOf, shortened, UNLEASED } from "./lease.ts";
import { soonest } from "./soonest.ts";

const PATIENCE = 3_000;
const MAX_LIST = 1_000;
/** Actions of which is shown what is usual. */
const MOST_USUAL = 100;
/** The session that opens is among those that a kill has to reach from now on. */
const OPENING = 1;

export class AgentObject extends DurableObject<ObjectEnv> implements AgentRpc {
  readonly #sql: SqlStorage;
  readonly #clock: Clock;
  #lease: HeldLease | null = null;
  /** Session switches that their session hasn't confirmed to the Switchboard: as of the last grant. */
  #sessionNotices: ReadonlyMap<string, SwitchNotice> = new Map();
  readonly #alarm: Alarm;
  readonly #sets = createSetCopies(
    (name, lease) => {
      const sequence = readAgent(this.#sql)?.sequence ?? 0;
      return withDeadline(switchboardOf(this.env).grantSet({ sequence, name, lease }), PATIENCE);
    },
    (work) => this.ctx.waitUntil(work),
  );

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    createTables(this.#sql);
    this.#clock = createClock(readAgent(this.#sql)?.clock ?? 0);
    this.#alarm = createAlarm(ctx.storage);
  }

  async admit(input: AdmitInput): Promise<AdmitOutput> {
    const now = this.#clock.now();
    introduceAgent(this.#sql, input.agent, now);
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    if (!this.#leased(input.lease)) await this.#renew(input.lease, OPENING);
    const output = this.ctx.storage.transactionSync(() => this.#admit(input));
    await this.#setAlarm();
    return output;
  }

  async gauges({ limits }: Parameters<AgentRpc["gauges"]>[0]): Promise<Gauges> {
    const now = this.#clock.now();
    const used = limits.map((limit) => fullest(this.#sql, limit, now));
    return { used, live: countLive(this.#sql, now), pending: pendingPlaces(this.#sql, now).length };
  }

  async standingSession(input: StandingInput): Promise<{ readonly session: string } | Refusal> {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    const { key, candidate, ended } = input;
    return {
      session: this.ctx.storage.transactionSync(() => standingSession(this.#sql, key, candidate, ended)),
    };
  }

  async useCredential(input: Parameters<AgentRpc["useCredential"]>[0]): Promise<{ readonly used: true } | Refusal> {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    const now = this.#clock.now();
    const fresh = this.ctx.storage.transactionSync(() => useCredentials(this.#sql, [input.credential], now));
    return fresh ? { used: true } : { refused: "replayed_credential" };
  }

  async renewLease(input: Parameters<AgentRpc["renewLease"]>[0]): Promise<LeaseOutput> {
    if (readAgent(this.#sql) === null || !hasSession(this.#sql, input.session)) return { refused: "not_found" };
    learnSequence(this.#sql, input.sequence);
    confirmSession(this.#sql, input.session);
    if (!this.#leased(input.lease)) await this.#renew(input.lease);
    const at = Date.now();
    const sequence = readAgent(this.#sql)?.sequence ?? input.sequence;
    const agent = noticeForSessions(this.#sql);
    const own = this.#sessionNotices.get(input.session);
    const notices = [...(agent.epoch > input.epoch ? [agent] : []), ...(own === undefined ? [] : [own])];
    const lease = shortened(this.#lease, input.lease);
    const stopped = agent.switches.some(stopsAgent) || (own?.switches.length ?? 0) > 0;
    if (stopped || !isHeld(lease, at)) return { granted: false, sequence, notices };
    return { granted: true, sequence, lease: leftOf(lease, at), notices };
  }

  async reserve(input: ReserveInput): Promise<ReserveOutput> {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    const output = this.ctx.storage.transactionSync(() => {
      const now = this.#clock.now();
      const reserved = reserve(this.#sql, input, now);
      const { approval } = input;
      const place = approval === null || takePlace(this.#sql, approval.id, input.session, approval.expires, now);
      if (reserved.reserved || approval !== null) noteClock(this.#sql, now);
      return { ...reserved, place };
    });
    await this.#setAlarm();
    return output;
  }

  async report(input: SessionReport): Promise<Reported> {
    const tripped = this.ctx.storage.transactionSync(() => {
      const now = this.#clock.now();
      confirmSession(this.#sql, input.session);
      for (const { reservation, at } of input.confirm) confirm(this.#sql, input.session, reservation, at, now);
      for (const reservation of input.release) release(this.#sql, input.session, reservation);
      for (const approval of input.asked) confirmPlace(this.#sql, approval);
      for (const approval of input.resolved) leavePlace(this.#sql, approval);
      for (const { approval, expires } of input.reopened)
        returnToPlace(this.#sql, approval, input.session, expires, now);
      if (input.ended !== null) endSession(this.#sql, input.session, input.ended.at);
      return takeHappenings(this.#sql, input, now, false);
    });
    if (nextFlip(this.#sql) !== null) {
      this.ctx.waitUntil(this.#flip());
      await this.#setAlarm();
    }
    return { done: true, tripped };
  }

  async learnSwitches(notice: SwitchNotice): Promise<ReachOutput> {
    this.#learn(notice);
    await this.#push();
    await this.#setAlarm();
    return { learned: true, ...reachOf(this.#sql, this.#clock.now()) };
  }

  async isMember(input: Parameters<AgentRpc["isMember"]>[0]): ReturnType<AgentRpc["isMember"]> {
    return this.#enter(input.sequence) ?? this.#sets.ask(input.asked, atLeast(input.lease));
  }

  async sessions(input: Parameters<AgentRpc["sessions"]>[0]): ReturnType<AgentRpc["sessions"]> {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    const sessions = listSessions(this.#sql, Math.min(Math.max(1, input.limit), MAX_LIST));
    return { sessions, usual: usualView(this.#sql, this.#clock.now(), MOST_USUAL) };
  }

  async pendingApprovals(input: { readonly sequence: number }): ReturnType<AgentRpc["pendingApprovals"]> {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    return { approvals: pendingPlaces(this.#sql, this.#clock.now()) };
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    try {
      await this.#flip();
      await upkeep(this.#sql, this.#clock, (session) => sessionOf(this.env, session));
      await this.#push();
    } finally {
      await this.#setAlarm();
    }
  }

  /** Null when the policy isn't older than any that was seen. */
  #enter(sequence: number): Extract<Refusal, { refused: "policy_stale" }> | null {
    if (sequence < (readAgent(this.#sql)?.sequence ?? 0)) return { refused: "policy_stale" };
    learnSequence(this.#sql, sequence);
    return null;
  }

  #admit(input: AdmitInput): AdmitOutput {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    const held = readNotice(this.#sql).switches.filter((each) => stopsOpening(each, input));
    if (held.length > 0)
      return { admitted: false, reason: "killed", message: killedMessage(held, input.agent), retry_after: null };
    const at = Date.now();
    const lease = shortened(this.#lease, input.lease);
    if (!isHeld(lease, at)) return { admitted: false, reason: "overloaded", message: UNLEASED, retry_after: 1 };
    const now = this.#clock.now();
    const admit = hasSession(this.#sql, input.session) ? admitAgain : admitSession;
    const refusal = admit(this.#sql, input, now);
    if (refusal !== null) return refusal;
    beginWatching(this.#sql, now);
    noteClock(this.#sql, now);
    return {
      admitted: true,
      lease: leftOf(lease, at),
      sequence: readAgent(this.#sql)?.sequence ?? input.sequence,
      notice: noticeForSessions(this.#sql),
    };
  }

  #leased(ms: number): boolean {
    const at = Date.now();
    const lease = shortened(this.#lease, ms);
    if (!isHeld(lease, at)) return false;
    if (isPastHalf(lease, at)) this.ctx.waitUntil(this.#renew(ms));
    return true;
  }

  readonly #renew = joined((ms: number, opening?: number) => this.#askForLease(atLeast(ms), opening ?? 0));

  /** Never throws: without an answer there simply is no lease. */
  async #askForLease(lease: number, opening: number): Promise<void> {
    const agent = readAgent(this.#sql);
    if (agent === null) return;
    const sent = Date.now();
    try {
      const live = countLive(this.#sql, this.#clock.now()) + opening;
      const asked = switchboardOf(this.env).grantLease({ sequence: agent.sequence, agent: agent.name, lease, live });
      const grant = await withDeadline(asked, PATIENCE);
      this.#learn(grant.notice);
      learnSequence(this.#sql, grant.sequence);
      this.#sessionNotices = new Map(grant.sessions.map((each) => [each.session, each.notice]));
      const { epoch, switches } = readNotice(this.#sql);
      // A grant that left before a kill and arrives after it grants nothing.
      if (grant.lease !== null && !switches.some(stopsAgent))
        this.#lease = holdLease({ ...grant.lease, epoch: Math.max(grant.lease.epoch, epoch) }, sent);
    } catch (cause) {
      console.warn("the lease can't be renewed", { agent: agent.name, cause: String(cause) });
    }
  }

  #learn(notice: SwitchNotice): void {
    const news = this.ctx.storage.transactionSync(() => takeNotice(this.#sql, notice, this.#clock.now()));
    if (!news) return;
    // What stops only some requests leaves the lease its time: sessions hear of it with the next that they are granted.
    const { epoch } = notice;
    this.#lease = notice.switches.some(stopsAgent) || this.#lease === null ? null : { ...this.#lease, epoch };
    this.ctx.waitUntil(this.#setAlarm());
  }

  async #push(): Promise<void> {
    const agent = readAgent(this.#sql);
    if (agent === null) return;
    const progress = await pushSwitches(this.#sql, this.#clock, (session) => sessionOf(this.env, session));
    if (!progress) return;
    const reach = reachOf(this.#sql, this.#clock.now());
    const told = switchboardOf(this.env).reportReach({ agent: agent.name, ...reach });
    this.ctx.waitUntil(
      told.catch((cause: unknown) => console.warn("the reach isn't reported", { cause: String(cause) })),
    );
  }

  readonly #flip = joined(() =>
    sendFlips(
      this.#sql,
      () => this.#clock.now(),
      readAgent(this.#sql)?.sequence ?? 0,
      (input) => withDeadline(switchboardOf(this.env).flip(input), PATIENCE),
    ),
  );

  async #setAlarm(): Promise<void> {
    await this.#alarm.ringBy(soonest(nextUpkeep(this.#sql, this.#clock.now()), nextFlip(this.#sql)));
  }
}
