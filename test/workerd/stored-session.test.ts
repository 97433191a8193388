/** What a session's stores write and say they wrote, against the same statements asked of SQLite itself. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addCounts, takeBack } from "../../edge/limits/count-store.ts";
import { wasAdmitted } from "../../edge/objects/session/admitted-store.ts";
import { storeDecision, untoldSince } from "../../edge/objects/session/decision-store.ts";
import { readMember } from "../../edge/objects/session/member.ts";
import { noteUseTold, readOutcome, untoldUse, writeOutcome } from "../../edge/objects/session/outcome-store.ts";
import { SCHEMAS } from "../../edge/objects/session/schema.ts";
import {
  changeLabels,
  insertSession,
  learnSequence,
  noteErased,
  noteProgress,
  readLabels,
  readSession,
} from "../../edge/objects/session/session-row.ts";
import { forgetTask } from "../../edge/objects/session/forget-task.ts";
import { delivered, parcels, post } from "../../edge/objects/outbox.ts";
import { rememberReads } from "../../edge/remembered-reads.ts";
import { statementPlan } from "../../edge/statement-plan.ts";
import { tablesOnWrite } from "../../edge/tables-on-write.ts";
import { newSessionId } from "../../edge/ids.ts";
import { inStorage, tablesIn } from "./in-storage.ts";
import { POLICY } from "./requests.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 15);
const KEY = "key";
const WINDOW = 60_000;

const ROOT = newSessionId();
const LINKS = [
  { session: ROOT, agent: "bot" },
  { session: `${ROOT}.1`, agent: "cat" },
] as const;

const op = fc.record({
  what: fc.constantFrom(
    "open",
    "policy",
    "progress",
    "erase",
    "forget task",
    "label",
    "count",
    "take back",
    "decide",
    "told",
    "outcome",
    "did",
    "post",
    "deliver",
  ),
  n: fc.nat(5),
  /** How much later. */
  after: fc.constantFrom(0, 1, 20_000, 200_000),
  yes: fc.boolean(),
});
type Op = typeof op extends fc.Arbitrary<infer T> ? T : never;

/** Steps that are carried out one by one, or together, or together and then taken back (within others too), or a restart. */
const { tree } = fc.letrec<{ tree: Step }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    op.map((one): Step => ({ kind: "op", op: one })),
    fc.record({
      kind: fc.constantFrom("commit" as const, "undo" as const),
      steps: fc.array(tie("tree"), { maxLength: 5 }),
    }),
  ),
}));
type Step =
  | { readonly kind: "op"; readonly op: Op }
  | { readonly kind: "commit" | "undo"; readonly steps: readonly Step[] };

class Undone extends Error {}

/** The storage as a session has it; each read is asked of SQLite too, where a table that isn't made yet has no rows. */
function checked(storage: DurableObjectStorage): ReturnType<typeof rememberReads> {
  const remembering = rememberReads(tablesOnWrite(storage, SCHEMAS));
  const { sql } = remembering;
  const exec = sql.exec.bind(sql);
  const both = (query: string, ...values: readonly SqlStorageValue[]): unknown => {
    const cursor = exec(query, ...values);
    if (statementPlan(query).kind !== "read") return cursor;
    const given = cursor.toArray();
    expect(JSON.stringify(given), query).toBe(JSON.stringify(asked(storage, query, values)));
    return exec(query, ...values);
  };
  return Object.assign(remembering, { sql: Object.assign(sql, { exec: both }) });
}

function asked(storage: DurableObjectStorage, query: string, values: readonly SqlStorageValue[]): unknown {
  const undone = new Undone();
  const { tables } = statementPlan(query);
  const made = tablesIn(storage);
  const missing = tables.filter((table) => !made.includes(table));
  if (missing.length === 0) return storage.sql.exec(query, ...values).toArray();
  let rows: unknown;
  try {
    storage.transactionSync(() => {
      for (const schema of SCHEMAS)
        if (missing.some((table) => schema.includes(`EXISTS ${table} (`))) storage.sql.exec(schema);
      rows = storage.sql.exec(query, ...values).toArray();
      throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  }
  return rows;
}

interface State {
  now: number;
  seq: number;
}

function carryOut(sql: SqlStorage, state: State, { what, n, after, yes }: Op): void {
  state.now += after;
  const { now } = state;
  const link = LINKS[yes ? 0 : 1];
  switch (what) {
    case "open":
      if (readSession(sql) === null) insertSession(sql, factsAt(now), { sequence: 1, policy: POLICY, idle: WINDOW });
      return;
    case "policy":
      return learnSequence(sql, n);
    case "progress":
      if (readSession(sql) === null) return;
      return noteProgress(sql, { now, policy: `p${n}`, idle: WINDOW + n, attempts: n, admitted: yes ? 1 : 0 });
    case "erase":
      return noteErased(sql);
    case "forget task":
      return forgetTask(sql);
    case "label":
      return changeLabels(sql, yes ? [`l${n}`] : [], [`l${n - 1}`]);
    case "count": {
      const both = [window(n), { counter: "all", key: `["${n}"]`, window: null }];
      return addCounts(
        sql,
        both.map((limit) => ({ ...limit, amount: BigInt(n) })),
        yes ? now : now - WINDOW,
        now,
      );
    }
    case "take back":
      return takeBack(sql, window(n), 0n, now);
    case "decide": {
      const seq = (state.seq += 1);
      const decided = { seq, decision: `dec_${seq}`, ...link, action: `a${n % 2}`, at: now };
      const fields = yes ? "{}" : null;
      return storeDecision(sql, { ...decided, request: `r${seq}`, digest: "d", answer: "{}", fields });
    }
    case "told": {
      const used = untoldUse(sql);
      if (used.length > 0) noteUseTold(sql, Math.max(...used.map(({ seq }) => seq)));
      return;
    }
    case "outcome": {
      const decision = `dec_${state.seq - n}`;
      if (readOutcome(sql, decision)?.outcome === null)
        writeOutcome(sql, decision, { status: "ok", digest: null, labels: [] });
      return;
    }
    case "did":
      wasAdmitted(sql, KEY, { action: `a${n % 2}`, same: null, within: yes ? WINDOW : null }, now);
      return;
    case "post":
      return post(sql, link, "confirm", `s${n}`, now);
    case "deliver":
      return delivered(sql, parcels(sql).slice(0, n));
  }
}

function window(n: number) {
  return { counter: "window", key: `["${n}"]`, window: WINDOW };
}

function factsAt(opened_at: number): Parameters<typeof insertSession>[1] {
  return {
    session: ROOT,
    agent: "bot",
    environment: "test",
    requester: null,
    requester_person: null,
    task: "a task",
    task_shown: null,
    opened_at,
    expires_at: opened_at + WINDOW,
    lease: WINDOW,
    retain: WINDOW,
  };
}

function look(sql: SqlStorage, { seq, now }: State): unknown {
  return [
    readSession(sql),
    readMember(sql, ROOT),
    readLabels(sql),
    untoldSince(sql),
    untoldUse(sql),
    readOutcome(sql, `dec_${seq}`),
    wasAdmitted(sql, KEY, { action: "a1", same: null, within: WINDOW }, now),
    parcels(sql),
    sql.exec("SELECT * FROM counts ORDER BY counter, key, bucket").toArray(),
    sql.exec("SELECT * FROM decisions ORDER BY seq").toArray(),
  ];
}

test("whatever a session does, takes back and does again after a restart, it reads what is stored", async () => {
  await inStorage((storage) => {
    fc.assert(
      fc.property(fc.array(fc.array(tree, { maxLength: 10 }), { maxLength: 3 }), (lives) => {
        for (const name of tablesIn(storage)) storage.sql.exec(`DROP TABLE ${name}`);
        const state: State = { now: 1_000_000_000_000, seq: 0 };
        let before: unknown = null;
        for (const life of lives) {
          const { sql, transaction } = checked(storage);
          const run = (step: Step): void => {
            if (step.kind === "op") carryOut(sql, state, step.op);
            else if (step.kind === "commit") transaction(() => step.steps.forEach(run));
            else {
              const seen = JSON.stringify(look(sql, { ...state }));
              const at = { ...state };
              expect(() =>
                transaction(() => {
                  step.steps.forEach(run);
                  look(sql, state);
                  throw new Undone();
                }),
              ).toThrow(Undone);
              expect(JSON.stringify(look(sql, at))).toBe(seen);
            }
            look(sql, state);
          };
          if (before !== null) expect(look(sql, state)).toEqual(before);
          life.forEach(run);
          before = look(sql, state);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
