/**
 * What many agents count together: one object for each requester, and one for the fleet. It holds shares for sessions
 * that are about to decide, and knows nothing else.
 */
import { DurableObject } from "cloudflare:workers";
import { nextFlip, sendFlips } from "../breakers/flip-store.ts";
import { BREAKERS_SCHEMA, takeHappenings } from "../breakers/take-happenings.ts";
import { withDeadline } from "../deadline.ts";
import { COUNTS_SCHEMA } from "../limits/count-store.ts";
import { confirm, release, RESERVATIONS_SCHEMA, reserve } from "../limits/reservations.ts";
import { nextSettling, settleHeld } from "../limits/settle-held.ts";
import { fullest } from "../limits/fullest.ts";
import type { Gauges, HolderRpc, Reported, ReserveInput, ReserveOutput, SessionReport } from "../rpc.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import { type Clock, createClock } from "./clock.ts";
import { joined } from "../joined.ts";
import { type ObjectEnv, sessionOf, switchboardOf } from "./env.ts";
import { soonest } from "./soonest.ts";
import { firstRow } from "../rows.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS budget (
    id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, clock INTEGER NOT NULL
  );
  INSERT OR IGNORE INTO budget (id, sequence, clock) VALUES (1, 0, 0);
`;

const RETRY = 2_000;
const PATIENCE = 3_000;

export class BudgetObject extends DurableObject<ObjectEnv> implements HolderRpc {
  readonly #sql: SqlStorage;
  readonly #clock: Clock;
  readonly #alarm: Alarm;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    for (const schema of [SCHEMA, COUNTS_SCHEMA, RESERVATIONS_SCHEMA, BREAKERS_SCHEMA]) this.#sql.exec(schema);
    this.#clock = createClock(this.#row().clock);
    this.#alarm = createAlarm(ctx.storage);
  }

  async reserve(input: ReserveInput): Promise<ReserveOutput> {
    if (input.sequence < this.#row().sequence) return { refused: "policy_stale" };
    const output = this.ctx.storage.transactionSync(() => {
      const now = this.#clock.now();
      const reserved = reserve(this.#sql, input, now);
      this.#sql.exec("UPDATE budget SET sequence = max(sequence, ?), clock = max(clock, ?)", input.sequence, now);
      return { ...reserved, place: true };
    });
    await this.#setAlarm();
    return output;
  }

  async report(input: SessionReport): Promise<Reported> {
    const { session, confirm: confirmed, release: released } = input;
    const tripped = this.ctx.storage.transactionSync(() => {
      const now = this.#clock.now();
      for (const { reservation, at } of confirmed) confirm(this.#sql, session, reservation, at, now);
      for (const reservation of released) release(this.#sql, session, reservation);
      return takeHappenings(this.#sql, input, now, true);
    });
    if (nextFlip(this.#sql) !== null) {
      this.ctx.waitUntil(this.#flip());
      await this.#setAlarm();
    }
    return { done: true, tripped };
  }

  async gauges({ limits }: Parameters<HolderRpc["gauges"]>[0]): Promise<Gauges> {
    const now = this.#clock.now();
    return { used: limits.map((limit) => fullest(this.#sql, limit, now)), live: 0, pending: 0 };
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    try {
      await this.#flip();
      await settleHeld(
        this.#sql,
        () => this.#clock.now(),
        (session) => sessionOf(this.env, session),
      );
    } finally {
      await this.#setAlarm();
    }
  }

  #row(): { readonly sequence: number; readonly clock: number } {
    const row = firstRow<{ readonly sequence: number; readonly clock: number }>(
      this.#sql,
      "SELECT sequence, clock FROM budget",
    );
    if (row === null) throw new Error("the budget has lost its row");
    return row;
  }

  readonly #flip = joined(() =>
    sendFlips(
      this.#sql,
      () => this.#clock.now(),
      this.#row().sequence,
      (input) => withDeadline(switchboardOf(this.env).flip(input), PATIENCE),
    ),
  );

  async #setAlarm(): Promise<void> {
    const settling = nextSettling(this.#sql);
    const settled = settling === null ? null : Math.max(this.#clock.now() + RETRY, settling);
    await this.#alarm.ringBy(soonest(settled, nextFlip(this.#sql)));
  }
}
