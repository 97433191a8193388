/**
 * The one place where whatever a switch can be for is killed and switched on again. It commits first; then it tells
 * KV, the agents concerned and sessions, until each has confirmed. Its leases are the root of all others.
 */
import { DurableObject } from "cloudflare:workers";
import { personName } from "../person-name.ts";
import {
  BOARD_LOG,
  type EditSetInput,
  type FlipInput,
  type FlipOutput,
  type GrantedSet,
  type GrantOutput,
  type Reach,
  type RecordsInput,
  type RecordsOutput,
  type Refusal,
  type RequeueInput,
  type SetView,
  SWITCHES_KEY,
  type SwitchboardRpc,
  type SwitchRef,
} from "../rpc.ts";
import { isSessionId } from "../ids.ts";
import type { BoardEvent } from "../records/record.ts";
import { createRecordStore, type RecordStore } from "../records/record-store.ts";
import { stopsAgent } from "../switches/switch-reach.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import { type Clock, createClock } from "./clock.ts";
import { joined } from "../joined.ts";
import { withDeadline } from "../deadline.ts";
import { agentOf, ledgerOf, type ObjectEnv, sessionOf } from "./env.ts";
import { createHandOver, type HandOver } from "./hand-over.ts";
import { atLeast } from "./lease.ts";
import { pageOfRecords } from "./session/page-of-records.ts";
import { soonest } from "./soonest.ts";
import { noteDeployment, noteOnBoard } from "./switchboard/board-log.ts";
import { learnSequence, nextEpoch, noteClock, notePublished, readBoard } from "./switchboard/board-row.ts";
import {
  agentsToTell,
  knownAgents,
  mustHear,
  noteGrant,
  noteReach,
  noteSessionTold,
  reachOf,
  sessionMustHear,
  sessionsToTell,
  unconfirmedNotices,
} from "./switchboard/reach.ts";
import { flippedBefore, noteFlipped } from "./switchboard/flipped-once.ts";
import { editSet, editsOf, membersOf, setVersion } from "./switchboard/live-sets.ts";
import { createTables } from "./switchboard/schema.ts";
import {
  concerned,
  documentOf,
  FLEET,
  insertSwitch,
  flippedNames,
  markLifted,
  noticeForAgent,
  noticeForSession,
  pageOfSwitches,
  readSwitch,
} from "./switchboard/switch-list.ts";

const BATCH = 50;
/** How long a flip waits for those it concerns before it answers; the alarm goes on with the rest. */
const BUDGET = 2_500;
const RETRY = 1_000;
/** KV takes one write a second and key. */
const KV_PAUSE = 1_000;

export class SwitchboardObject extends DurableObject<ObjectEnv> implements SwitchboardRpc {
  readonly #sql: SqlStorage;
  readonly #clock: Clock;
  readonly #records: RecordStore;
  readonly #handOver: HandOver;
  #published = 0;
  readonly #alarm: Alarm;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    createTables(this.#sql);
    this.#clock = createClock(readBoard(this.#sql).clock);
    this.#records = createRecordStore(this.#sql, env.ARGS_MAC_KEY);
    this.#alarm = createAlarm(ctx.storage);
    this.#handOver = createHandOver({
      sql: this.#sql,
      records: this.#records,
      clock: this.#clock,
      log: () => BOARD_LOG,
      ledger: (log) => ledgerOf(env, log),
    });
  }

  async flip(input: FlipInput): Promise<FlipOutput | Refusal> {
    // The edge's own kill holds whatever policy its object has heard of.
    const stale = input.once === undefined ? this.#enter(input.sequence) : null;
    const refusal = stale ?? objection(input);
    if (refusal !== null) return refusal;
    return this.#spread(this.ctx.storage.transactionSync(() => this.#flip(input)));
  }

  #flip(input: FlipInput): string {
    const before = flippedBefore(this.#sql, input);
    const id = before ?? this.#flipNew(input);
    if (input.once !== undefined) noteFlipped(this.#sql, input.once, id);
    return id;
  }

  #flipNew(input: FlipInput): string {
    const now = this.#clock.now();
    const epoch = nextEpoch(this.#sql);
    const flipped = insertSwitch(this.#sql, input, epoch, now);
    this.#note({ kind: "switch.flipped", switch: { ...refTo(input), id: flipped } }, now);
    this.#concern(input, epoch);
    noteClock(this.#sql, now);
    return flipped;
  }

  async lift(input: FlipInput & { readonly id: string | null }): Promise<FlipOutput | Refusal> {
    const refusal = this.#enter(input.sequence) ?? objection(input);
    if (refusal !== null) return refusal;
    const lifted = this.ctx.storage.transactionSync(() => {
      const ids = concerned(this.#sql, input.scope, input.name, input.id);
      if (ids.length === 0) return ids;
      const now = this.#clock.now();
      for (const id of ids) markLifted(this.#sql, id, input.by, input.reason, now);
      this.#note({ kind: "switch.lifted", switches: ids, ...refTo(input) }, now);
      this.#concern(input, nextEpoch(this.#sql));
      noteClock(this.#sql, now);
      return ids;
    });
    const newest = lifted[0];
    return newest === undefined ? { refused: "not_found" } : this.#spread(newest);
  }

  async switches(input: Parameters<SwitchboardRpc["switches"]>[0]): ReturnType<SwitchboardRpc["switches"]> {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    const { stored, cursor } = pageOfSwitches(this.#sql, input);
    const switches = stored.map((each) => {
      const { epoch: _, ...shown } = each;
      const { reached, pending } = reachOf(this.#sql, each);
      return { ...shown, sessions_reached: reached, sessions_pending: pending };
    });
    return { switches, cursor };
  }

  async flipped(input: { readonly sequence: number }): ReturnType<SwitchboardRpc["flipped"]> {
    return this.#enter(input.sequence) ?? { flipped: flippedNames(this.#sql) };
  }

  async newestSequence(): ReturnType<SwitchboardRpc["newestSequence"]> {
    return { sequence: readBoard(this.#sql).sequence };
  }

  async learnDeployment(
    input: Parameters<SwitchboardRpc["learnDeployment"]>[0],
  ): ReturnType<SwitchboardRpc["learnDeployment"]> {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    this.ctx.storage.transactionSync(() => noteDeployment(this.#sql, this.#records, input, this.#clock.now()));
    await this.#setAlarm();
    return { learned: true };
  }

  async recordRequeue(input: RequeueInput): Promise<{ readonly recorded: true } | Refusal> {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    if (input.reason.trim() === "") return { refused: "forbidden", detail: "sending records again needs a reason" };
    const { sink, records } = input;
    this.ctx.storage.transactionSync(() => {
      const now = this.#clock.now();
      noteClock(this.#sql, now);
      this.#note({ kind: "exports.requeued", sink, records, ...whoAndWhy(input) }, now);
    });
    await this.#setAlarm();
    return { recorded: true };
  }

  async records(input: RecordsInput): Promise<RecordsOutput | Refusal> {
    return this.#enter(input.sequence) ?? pageOfRecords(this.#records, input);
  }

  async anchor(): Promise<{ readonly done: true }> {
    await this.#handOver.run();
    await this.#setAlarm();
    return { done: true };
  }

  async agents(input: { readonly sequence: number }): ReturnType<SwitchboardRpc["agents"]> {
    return this.#enter(input.sequence) ?? { agents: knownAgents(this.#sql) };
  }

  /** An old caller still gets its lease: the newer number comes with it, and its own calls are refused by that. */
  async grantLease(input: Parameters<SwitchboardRpc["grantLease"]>[0]): Promise<GrantOutput> {
    const valid_for = atLeast(input.lease);
    const output = this.ctx.storage.transactionSync(() => {
      learnSequence(this.#sql, input.sequence);
      const { epoch, sequence } = readBoard(this.#sql);
      const notice = noticeForAgent(this.#sql, input.agent, epoch);
      const now = this.#clock.now();
      noteGrant(this.#sql, input.agent, input.live, now + valid_for);
      const lease = notice.switches.some(stopsAgent) ? null : { epoch, valid_for };
      return { notice, lease, sequence, sessions: unconfirmedNotices(this.#sql, epoch) };
    });
    await this.#setAlarm();
    return output;
  }

  async editSet(input: EditSetInput): Promise<SetView | Refusal> {
    const stale = this.#enter(input.sequence);
    if (stale !== null) return stale;
    if (input.reason.trim() === "") return { refused: "forbidden", detail: "changing a live set needs a reason" };
    const edited = this.ctx.storage.transactionSync(() => {
      const now = this.#clock.now();
      noteClock(this.#sql, now);
      const change = editSet(this.#sql, input, now);
      if (change !== null) this.#note({ kind: "set.edited", set: input.name, ...change, ...whoAndWhy(input) }, now);
      return change !== null;
    });
    await this.#setAlarm();
    if (!edited) return { refused: "conflict", detail: "a live set holds at most 10,000 texts" };
    return this.#setView(input.name, false);
  }

  async readSet(input: Parameters<SwitchboardRpc["readSet"]>[0]): Promise<SetView | Refusal> {
    return this.#enter(input.sequence) ?? this.#setView(input.name, input.history);
  }

  /** An old caller still gets it, as it gets its lease: its own calls are refused by their number. */
  async grantSet({ name, lease }: Parameters<SwitchboardRpc["grantSet"]>[0]): Promise<GrantedSet> {
    const members = membersOf(this.#sql, name);
    return { members, lease: { epoch: setVersion(this.#sql), valid_for: atLeast(lease) } };
  }

  async reportReach(input: { readonly agent: string } & Reach): Promise<{ readonly done: true }> {
    noteReach(this.#sql, input.agent, input, false);
    return { done: true };
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    try {
      await this.#push();
      await this.#publish();
      if (this.#handOver.isDue(this.#clock.now())) await this.#handOver.run();
    } finally {
      await this.#setAlarm();
    }
  }

  #enter(sequence: number): Extract<Refusal, { refused: "policy_stale" }> | null {
    if (sequence < readBoard(this.#sql).sequence) return { refused: "policy_stale" };
    learnSequence(this.#sql, sequence);
    return null;
  }

  #setView(name: string, history: boolean): SetView {
    const edits = history ? editsOf(this.#sql, name) : [];
    return { name, version: setVersion(this.#sql), members: membersOf(this.#sql, name), edits };
  }

  /** In the transaction that made it true. */
  #note(event: BoardEvent, now: number): void {
    noteOnBoard(this.#sql, this.#records, event, now);
  }

  #concern(input: FlipInput, epoch: number): void {
    if (input.scope === "session") sessionMustHear(this.#sql, input.name, epoch);
    else mustHear(this.#sql, input.scope, input.name);
  }

  async #spread(id: string): Promise<FlipOutput> {
    this.ctx.waitUntil(this.#publish());
    await this.#setAlarm();
    await this.#push();
    const stored = readSwitch(this.#sql, id);
    if (stored === null) throw new Error("the switch that was just written isn't there");
    const { reached, pending } = reachOf(this.#sql, stored);
    const { epoch, ...shown } = stored;
    return { switch: shown, epoch, sessions_reached: reached, sessions_pending: pending };
  }

  /** Never throws: whoever isn't reached stays on the list, and is held by the lease. */
  async #push(): Promise<void> {
    const started = Date.now();
    for (let progress = true; progress; ) {
      const left = BUDGET - (Date.now() - started);
      const agents = agentsToTell(this.#sql, BATCH);
      const sessions = sessionsToTell(this.#sql, BATCH);
      if (agents.length + sessions.length === 0 || left <= 0) return;
      const told = await Promise.all([
        ...agents.map((agent) => this.#tellAgent(agent, left)),
        ...sessions.map((each) => this.#tellSession(each.session, each.epoch, left)),
      ]);
      progress = told.includes(true);
    }
  }

  async #tellAgent(agent: string, patience: number): Promise<boolean> {
    const { epoch } = readBoard(this.#sql);
    const notice = noticeForAgent(this.#sql, agent, epoch);
    try {
      const reach = await withDeadline(agentOf(this.env, agent).learnSwitches(notice), patience);
      noteReach(this.#sql, agent, reach, readBoard(this.#sql).epoch === epoch);
      return true;
    } catch (cause) {
      console.warn("an agent can't be told of a switch yet", { agent, cause: String(cause) });
      return false;
    }
  }

  async #tellSession(session: string, epoch: number, patience: number): Promise<boolean> {
    const notice = noticeForSession(this.#sql, session, readBoard(this.#sql).epoch);
    try {
      const { live } = await withDeadline(sessionOf(this.env, session).learnSwitches({ ...notice, session }), patience);
      noteSessionTold(this.#sql, session, epoch, live);
      return true;
    } catch (cause) {
      console.warn("a session can't be told of a switch yet", { session, cause: String(cause) });
      return false;
    }
  }

  readonly #publish = joined(() => this.#writeDocument());

  /** The newest state at the moment of writing; what changes meanwhile is written by the next alarm. */
  async #writeDocument(): Promise<void> {
    const { epoch, published } = readBoard(this.#sql);
    const at = Date.now();
    if (epoch <= published || at - this.#published < KV_PAUSE) return;
    this.#published = at;
    try {
      const document = documentOf(this.#sql, epoch, this.#clock.now());
      await this.env.SWITCHES.put(SWITCHES_KEY, JSON.stringify(document));
      notePublished(this.#sql, epoch);
    } catch (cause) {
      console.error("the switches can't be written to KV; trying again", { epoch, cause: String(cause) });
    }
  }

  async #setAlarm(): Promise<void> {
    const { epoch, published } = readBoard(this.#sql);
    const waiting = agentsToTell(this.#sql, 1).length + sessionsToTell(this.#sql, 1).length;
    const busy = epoch > published || waiting > 0;
    await this.#alarm.ringBy(soonest(busy ? Date.now() + RETRY : null, this.#handOver.due(this.#clock.now())));
  }
}

type Reasoned = Pick<FlipInput, "by" | "reason">;

function whoAndWhy({ by, reason }: Reasoned): { readonly by: string; readonly reason: string } {
  return { by: personName(by), reason };
}

function refTo(input: FlipInput): Omit<SwitchRef, "id"> {
  return { scope: input.scope, name: input.name, ...whoAndWhy(input) };
}

function objection(input: FlipInput): Extract<Refusal, { refused: "forbidden" | "not_found" }> | null {
  if (input.reason.trim() === "")
    return { refused: "forbidden", detail: "flipping or lifting a switch needs a reason" };
  if (input.scope === "session" && !isSessionId(input.name)) return { refused: "not_found" };
  if (input.scope === "fleet" && input.name !== FLEET) return { refused: "not_found" };
  return null;
}
