/** What a session's stores write and say they wrote, against the same statements asked of SQLite itself. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { newSessionId } from "../../edge/ids.ts";
import { addCounts, takeBack } from "../../edge/limits/count-store.ts";
import { delivered, parcels, post } from "../../edge/objects/outbox.ts";
import { wasAdmitted } from "../../edge/objects/session/admitted-store.ts";
import { storeDecision, untoldSince } from "../../edge/objects/session/decision-store.ts";
import { forgetTask } from "../../edge/objects/session/forget-task.ts";
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
import { type RememberedSql, rememberReads } from "../../edge/remembered-reads.ts";
import { statementPlan } from "../../edge/statement-plan.ts";
import { tablesOnWrite } from "../../edge/tables-on-write.ts";
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

interface State {
  now: number;
  seq: number;
}

interface Op {
  readonly n: number;
  /** How much later. */
  readonly after: number;
  readonly yes: boolean;
}

const OPS: { readonly [what: string]: (sql: SqlStorage, state: State, op: Op) => void } = {
  open: (sql, { now }) => {
    if (readSession(sql) === null) insertSession(sql, factsAt(now), { sequence: 1, policy: POLICY, idle: WINDOW });
  },
  policy: (sql, _, { n }) => learnSequence(sql, n),
  progress: (sql, { now }, { n, yes }) => {
    const progress = { now, policy: `p${n}`, idle: WINDOW + n, attempts: n, admitted: yes ? 1 : 0 } as const;
    if (readSession(sql) !== null) noteProgress(sql, progress);
  },
  erase: (sql) => noteErased(sql),
  "forget task": (sql) => forgetTask(sql),
  label: (sql, _, { n, yes }) => changeLabels(sql, yes ? [`l${n}`] : [], [`l${n - 1}`]),
  count: (sql, { now }, { n, yes }) => {
    const both = [window(n), { counter: "all", key: `["${n}"]`, window: null }];
    const spent = both.map((limit) => ({ ...limit, amount: BigInt(n) }));
    addCounts(sql, spent, yes ? now : now - WINDOW, now);
  },
  "take back": (sql, { now }, { n }) => takeBack(sql, window(n), 0n, now),
  decide: (sql, state, { n, yes }) => {
    const seq = (state.seq += 1);
    const link = LINKS[yes ? 0 : 1];
    const decided = { seq, decision: `dec_${seq}`, ...link, action: `a${n % 2}`, at: state.now };
    storeDecision(sql, { ...decided, request: `r${seq}`, digest: "d", answer: "{}", fields: yes ? "{}" : null });
  },
  told: (sql) => {
    const used = untoldUse(sql);
    if (used.length > 0) noteUseTold(sql, Math.max(...used.map(({ seq }) => seq)));
  },
  outcome: (sql, { seq }, { n }) => {
    const decision = `dec_${seq - n}`;
    if (readOutcome(sql, decision)?.outcome === null)
      writeOutcome(sql, decision, { status: "ok", digest: null, labels: [] });
  },
  did: (sql, { now }, { n, yes }) => {
    wasAdmitted(sql, KEY, { action: `a${n % 2}`, same: null, within: yes ? WINDOW : null }, now);
  },
  post: (sql, { now }, { n, yes }) => post(sql, LINKS[yes ? 0 : 1], "confirm", `s${n}`, now),
  deliver: (sql, _, { n }) => delivered(sql, parcels(sql).slice(0, n)),
};

function carryOut(sql: SqlStorage, state: State, { what, op }: Extract<Step, { kind: "op" }>): void {
  state.now += op.after;
  OPS[what]?.(sql, state, op);
}

/** Steps that are carried out one by one, or together, or together and then taken back (within others too), or a restart. */
const { tree } = fc.letrec<{ tree: Step }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      kind: fc.constant("op" as const),
      what: fc.constantFrom(...Object.keys(OPS)),
      op: fc.record({ n: fc.nat(5), after: fc.constantFrom(0, 1, 20_000, 200_000), yes: fc.boolean() }),
    }),
    fc.record({
      kind: fc.constantFrom("commit" as const, "undo" as const),
      steps: fc.array(tie("tree"), { maxLength: 5 }),
    }),
  ),
}));
type Step =
  | { readonly kind: "op"; readonly what: string; readonly op: Op }
  | { readonly kind: "commit" | "undo"; readonly steps: readonly Step[] };

class Undone extends Error {}

/** The storage as a session has it; each read is asked of SQLite too, where a table that isn't made yet has no rows. */
function checked(storage: DurableObjectStorage): RememberedSql {
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

function run(stored: RememberedSql, state: State, step: Step): void {
  const { sql, transaction } = stored;
  const runAll = (steps: readonly Step[]): void => {
    for (const each of steps) run(stored, state, each);
  };
  if (step.kind === "op") carryOut(sql, state, step);
  else if (step.kind === "commit") transaction(() => runAll(step.steps));
  else {
    const before = { ...state };
    const seen = JSON.stringify(look(sql, before));
    const inVain = (): void =>
      transaction(() => {
        runAll(step.steps);
        look(sql, state);
        throw new Undone();
      });
    expect(inVain).toThrow(Undone);
    expect(JSON.stringify(look(sql, before))).toBe(seen);
  }
  look(sql, state);
}

test("whatever a session does, takes back and does again after a restart, it reads what is stored", async () => {
  await inStorage((storage) => {
    fc.assert(
      fc.property(fc.array(fc.array(tree, { maxLength: 10 }), { maxLength: 3 }), (lives) => {
        for (const name of tablesIn(storage)) storage.sql.exec(`DROP TABLE ${name}`);
        const state: State = { now: 1_000_000_000_000, seq: 0 };
        let before: unknown = null;
        for (const life of lives) {
          const stored = checked(storage);
          if (before !== null) expect(look(stored.sql, state)).toEqual(before);
          for (const step of life) run(stored, state, step);
          before = look(stored.sql, state);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
