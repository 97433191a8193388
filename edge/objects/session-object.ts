/**
 * One root session and all that was opened below it: limits, labels, approvals, records and whatever holds them. A thin
 * shell: what is decided is decided by the functions under `session/`; here are the calls, the alarm and who waits for
 * whom.
 */
import { DurableObject } from "cloudflare:workers";
import { withDeadline } from "../deadline.ts";
import { createRecordStore } from "../records/record-store.ts";
import type {
  ApprovalView,
  AuthorizeInput,
  AuthorizeOutput,
  Caller,
  DelegateInput,
  DelegateOutput,
  Holder,
  HolderRpc,
  LearnOutput,
  LearnInput,
  Link,
  OpenBelowInput,
  OpenBelowOutput,
  ElevateInput,
  ElevateOutput,
  OpenInput,
  OpenOutput,
  OutcomeInput,
  OutcomeOutput,
  RecordsInput,
  RecordsOutput,
  Refusal,
  RefreshOutput,
  SessionRpc,
  SessionView,
  SettleOutput,
  TicketInput,
  TicketOutput,
  VoteInput,
} from "../rpc.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import { createClock } from "./clock.ts";
import { joined } from "../joined.ts";
import { agentOf, holderObject, ledgerOf, type ObjectEnv, switchboardOf } from "./env.ts";
import { createHandOver, type HandOver } from "./hand-over.ts";
import { nextDue } from "./outbox.ts";
import type { Opening } from "./session/admit-and-begin.ts";
import { type AskingRate, createAskingRate } from "./session/asking-rate.ts";
import type { Surroundings } from "./session/authorize.ts";
import { decideOrDeny } from "./session/decide-or-deny.ts";
import { delegate } from "./session/delegate.ts";
import { deliver } from "./session/deliver.ts";
import { type Elevating, elevate } from "./session/elevate.ts";
import { enterSession } from "./session/enter-session.ts";
import { look, vote, withdraw } from "./session/desk.ts";
import { eraseArguments } from "./session/erase-arguments.ts";
import { fatesOf } from "./session/fates-of.ts";
import { createInTurn } from "./session/in-turn.ts";
import { createLiveFacts } from "./session/live-facts.ts";
import { endSession, freezeAfterFlood, nextAlarm, passTime, takeNotice } from "./session/life.ts";
import { createLeases, type Leases } from "./session/leases.ts";
import { type Member, readMember, readRoot, requireMember } from "./session/member.ts";
import { openSession } from "./session/open.ts";
import { lookAtTicket, openBelow } from "./session/open-below.ts";
import { pageOfRecords } from "./session/page-of-records.ts";
import { refreshed } from "./session/refreshed.ts";
import { reportOutcome } from "./session/report-outcome.ts";
import { createReportRate } from "./session/report-rate.ts";
import { peek } from "./session/peek.ts";
import { redeem } from "./session/redeem.ts";
import { SCHEMAS } from "./session/schema.ts";
import type { SessionContext } from "./session/session-context.ts";
import { readSession } from "./session/session-row.ts";
import { viewSession } from "./session/view.ts";
import { createWaiters } from "./session/waiters.ts";
import { rememberReads } from "../remembered-reads.ts";
import { tablesOnWrite } from "../tables-on-write.ts";
import { soonest } from "./soonest.ts";

const PATIENCE = 3_000;
const MAX_WAIT = 60_000;
/** One client waits once; whoever waits so often isn't one. */
const MAX_WAITERS = 100;

export class SessionObject extends DurableObject<ObjectEnv> implements SessionRpc {
  readonly #context: SessionContext;
  readonly #waiters = createWaiters();
  /** By session and request id. */
  readonly #inTurn = createInTurn();
  /** Reservations and approvals that are being decided: what becomes of them nobody can say yet. */
  readonly #open = new Set<string>();
  readonly #holder = (name: Holder): HolderRpc => holderObject(this.env, name);
  readonly #asking: AskingRate;
  readonly #reports = createReportRate();
  readonly #looks = createReportRate();
  readonly #leases: Leases;
  readonly #alarm: Alarm;
  readonly #handOver: HandOver;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    const { sql, transaction } = rememberReads(tablesOnWrite(ctx.storage, SCHEMAS));
    const key = env.ARGS_MAC_KEY;
    this.#context = {
      sql,
      key,
      records: createRecordStore(sql, key),
      live: createLiveFacts(),
      clock: createClock(readSession(sql)?.clock ?? 0),
      transaction,
      approvalChanged: (id) => this.#waiters.wake(id),
    };
    this.#asking = createAskingRate(this.#context, (now) => {
      ctx.waitUntil(this.#told(this.#context.transaction(() => freezeAfterFlood(this.#context, now))));
    });
    this.#alarm = createAlarm(ctx.storage);
    this.#handOver = createHandOver({
      ...this.#context,
      log: () => readSession(sql)?.session ?? null,
      ledger: (log) => ledgerOf(env, log),
    });
    this.#leases = createLeases({
      context: this.#context,
      agent: (name) => agentOf(this.env, name),
      later: (work) => ctx.waitUntil(work),
      changed: () => this.#afterwards(),
    });
  }

  async open(input: OpenInput): Promise<OpenOutput> {
    return this.#told(await openSession(this.#opening(input.agent), input));
  }

  async delegate(input: DelegateInput): Promise<DelegateOutput> {
    const entered = this.#enterToAsk(input);
    if ("refused" in entered) return entered;
    await this.#leases.renew(entered.chain);
    const context = this.#context;
    const output = context.transaction(() => {
      const row = requireMember(context.sql, entered.session);
      return delegate(context, row, input.to, this.#leases.held(row.chain), context.clock.now());
    });
    return this.#told(output);
  }

  async ticket(input: TicketInput): Promise<TicketOutput> {
    return lookAtTicket(this.#context, input);
  }

  async openBelow(input: OpenBelowInput): Promise<OpenBelowOutput> {
    this.#learnLeaseTime(input.sequence, input.lease);
    return this.#told(await openBelow({ ...this.#opening(input.agent), leases: this.#leases }, input));
  }

  async authorize(input: AuthorizeInput): Promise<AuthorizeOutput> {
    const flood = this.#asking.count(input);
    if (flood !== null) return flood;
    try {
      return await this.#inTurn(`${input.session} ${input.request_id}`, () => {
        this.#learnLeaseTime(input.sequence, input.settings.lease);
        return decideOrDeny(this.#asked(input), input);
      });
    } finally {
      await this.#afterwards();
    }
  }

  async elevate(input: ElevateInput): Promise<ElevateOutput> {
    const entered = this.#enterToAsk(input);
    if ("refused" in entered) return entered;
    return this.#told(await elevate(this.#surroundings(entered.chain), entered, input));
  }

  async outcome(input: OutcomeInput): Promise<OutcomeOutput> {
    const entered = this.#enter(input);
    if ("refused" in entered) return entered;
    const context = this.#context;
    const now = context.clock.now();
    const flood = this.#reports.count(now);
    if (flood !== null) return flood;
    return this.#told(context.transaction(() => reportOutcome(context, entered, input, now)));
  }

  async peek({ requests }: Parameters<SessionRpc["peek"]>[0]): ReturnType<SessionRpc["peek"]> {
    const [first] = requests;
    if (first === undefined) return { allowed: [], ended: false };
    const flood = this.#asking.count(first);
    if (flood !== null) return flood;
    this.#learnLeaseTime(first.sequence, first.settings.lease);
    return peek(this.#asked(first), requests);
  }

  async redeem(input: Parameters<SessionRpc["redeem"]>[0]): ReturnType<SessionRpc["redeem"]> {
    const entered = this.#enterForOthers(input);
    if ("refused" in entered) return entered;
    return this.#told(await redeem(this.#context, (name) => agentOf(this.env, name), entered, input));
  }

  async refresh(input: Parameters<SessionRpc["refresh"]>[0]): Promise<RefreshOutput> {
    const entered = this.#enterToAsk(input);
    if ("refused" in entered) return entered;
    const { sequence, credential } = input;
    const used = await withDeadline(agentOf(this.env, entered.agent).useCredential({ sequence, credential }), PATIENCE);
    if ("refused" in used) return used;
    await this.#leases.renew(entered.chain);
    return this.#told(refreshed(this.#context, entered.session, this.#leases));
  }

  async state(input: Caller): Promise<SessionView | Refusal> {
    const entered = this.#enterToLook(input);
    if ("refused" in entered) return entered;
    return viewSession(this.#context, entered, this.#holder);
  }

  async close(input: Caller): Promise<SessionView | Refusal> {
    const entered = this.#enter(input);
    if ("refused" in entered) return entered;
    // Whoever looked too often can still close.
    const flood = entered.ended_as === null ? null : this.#looks.count(this.#context.clock.now());
    if (flood !== null) return flood;
    this.#context.transaction(() => endSession(this.#context, entered, { as: "closed" }, this.#context.clock.now()));
    await this.#afterwards();
    return viewSession(this.#context, requireMember(this.#context.sql, entered.session), this.#holder);
  }

  async waitApproval(input: Parameters<SessionRpc["waitApproval"]>[0]): Promise<ApprovalView | Refusal> {
    const entered = this.#enterToLook(input);
    if ("refused" in entered) return entered;
    const view = look(this.#context, input.approval, entered);
    if ("refused" in view || view.status !== "pending" || input.wait <= 0) return view;
    if (this.#waiters.count >= MAX_WAITERS) return { refused: "flood", retry_after: 1 };
    const ms = Math.min(input.wait, MAX_WAIT, Math.max(1, view.expires_at - this.#context.clock.now()));
    await this.#waiters.wait(input.approval, ms);
    return look(this.#context, input.approval, entered);
  }

  async withdrawApproval(input: Parameters<SessionRpc["withdrawApproval"]>[0]): Promise<ApprovalView | Refusal> {
    const entered = this.#enterToLook(input);
    if ("refused" in entered) return entered;
    return this.#told(withdraw(this.#context, entered, input.approval));
  }

  async viewApproval(input: Parameters<SessionRpc["viewApproval"]>[0]): Promise<ApprovalView | Refusal> {
    const entered = this.#enterForOthers(input);
    return "refused" in entered ? entered : look(this.#context, input.approval, null);
  }

  async vote(input: VoteInput): Promise<ApprovalView | Refusal> {
    const entered = this.#enterForOthers(input);
    if ("refused" in entered) return entered;
    return this.#told(vote(this.#context, input));
  }

  async records(input: RecordsInput): Promise<RecordsOutput | Refusal> {
    const entered = this.#enterForOthers(input);
    if ("refused" in entered) return entered;
    return pageOfRecords(this.#context.records, input);
  }

  async argumentsOf({ seqs }: Parameters<SessionRpc["argumentsOf"]>[0]): ReturnType<SessionRpc["argumentsOf"]> {
    return { args: seqs.map((seq) => this.#context.records.read(seq - 1, 1)[0]?.args ?? null) };
  }

  async eraseArguments(input: Parameters<SessionRpc["eraseArguments"]>[0]): ReturnType<SessionRpc["eraseArguments"]> {
    const entered = this.#enterForOthers(input);
    if ("refused" in entered) return entered;
    return this.#told(this.#context.transaction(() => ({ erased: eraseArguments(this.#context, entered, input) })));
  }

  async learnSwitches(notice: LearnInput): Promise<LearnOutput> {
    const context = this.#context;
    context.transaction(() => takeNotice(context, notice, context.clock.now()));
    this.#leases.dropKilled();
    const { session } = notice;
    const row = session === undefined ? readRoot(context.sql) : readMember(context.sql, session);
    await this.#afterwards();
    return { learned: true, live: row !== null && row.ended_as === null };
  }

  async settle(input: { readonly reservations: readonly string[] }): Promise<SettleOutput> {
    return fatesOf(this.#context.sql, input.reservations, this.#open);
  }

  async anchor(): Promise<{ readonly done: true }> {
    await this.#handOver.run();
    await this.#setAlarm();
    return { done: true };
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    try {
      this.#context.transaction(() => passTime(this.#context, this.#context.clock.now()));
      await this.#deliver();
      if (this.#handOver.isDue(this.#context.clock.now())) await this.#handOver.run();
    } finally {
      await this.#setAlarm();
    }
  }

  #opening(agent: string): Opening {
    return {
      context: this.#context,
      agent: agentOf(this.env, agent),
      holder: this.#holder,
      open: this.#open,
      keepLease: (of, { lease }, sent) => this.#leases.keep(of, lease, sent),
    };
  }

  #surroundings(chain: readonly Link[]): Elevating {
    return {
      context: this.#context,
      holder: this.#holder,
      leased: () => this.#leases.held(chain),
      renewLease: () => this.#leases.renew(chain),
      open: this.#open,
    };
  }

  #asked({ session, agent }: AuthorizeInput): Surroundings {
    return {
      ...this.#surroundings(readMember(this.#context.sql, session)?.chain ?? []),
      attempts: this.#asking.total(),
      learnLive: ({ remainder, sequence, settings }) =>
        this.#context.live.learn(remainder, { sequence, lease: settings.lease }, agentOf(this.env, agent)),
    };
  }

  #enter(caller: Caller): Member | Refusal {
    return enterSession(this.#context.sql, caller);
  }

  /** For people, and for whoever executes: the Worker let them in. */
  #enterForOthers(input: Pick<Caller, "sequence" | "session">): Member | Refusal {
    return enterSession(this.#context.sql, { ...input, agent: null });
  }

  /** For calls that ask something of others, as asking for an action does: they count as that. */
  #enterToAsk(input: Caller & { readonly lease: number }): Member | Refusal {
    const entered = this.#enter(input);
    if ("refused" in entered) return entered;
    const flood = this.#asking.count(entered, true);
    if (flood !== null) return flood;
    this.#learnLeaseTime(input.sequence, input.lease);
    return entered;
  }

  /** For calls that decide nothing and are no report: each costs others a little too. */
  #enterToLook(input: Caller): Member | Refusal {
    const entered = this.#enter(input);
    if ("refused" in entered) return entered;
    return this.#looks.count(this.#context.clock.now()) ?? entered;
  }

  /** A Worker that lags behind doesn't bring back the longer lease of its older policy. */
  #learnLeaseTime(sequence: number, ms: number): void {
    const row = readSession(this.#context.sql);
    if (row !== null && sequence >= row.sequence) this.#leases.learnTime(ms);
  }

  async #told<Output>(output: Output): Promise<Output> {
    await this.#afterwards();
    return output;
  }

  /** What a commit may have left to do: tell others, and ring in time. */
  async #afterwards(): Promise<void> {
    if (readRoot(this.#context.sql) === null) return;
    if (nextDue(this.#context.sql) !== null) this.ctx.waitUntil(this.#deliver());
    const ended = readSession(this.#context.sql)?.ended_at ?? null;
    if (ended !== null && this.#handOver.isFresh()) this.ctx.waitUntil(this.anchor());
    await this.#setAlarm();
  }

  readonly #deliver = joined(async () => {
    const row = readRoot(this.#context.sql);
    if (row !== null) await deliver(this.#context, row, this.#holder, switchboardOf(this.env));
  });

  async #setAlarm(): Promise<void> {
    await this.#alarm.ringBy(soonest(nextAlarm(this.#context), this.#handOver.due(this.#context.clock.now())));
  }
}
