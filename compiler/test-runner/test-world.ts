/** All that one test plays in: its clock, its open sessions, and what counts beyond a session. */
import type { Agent, Approval, Decision, Policy, Request, Requester, Table } from "../../engine/index.ts";
import { sha256Hex } from "../hash.ts";
import type { ResolvedTest } from "../program.ts";
import { type BreakerWatch, watchBreakers } from "./breaker-watch.ts";
import { type Counts, emptyCounts } from "./counts.ts";
import { newPeople, type People } from "./people.ts";
import { type Asker, openTree, type SessionTree } from "./session-tree.ts";
import { taskInSession } from "./task-in-session.ts";

/** The time of tests without `at`: a Monday, at noon UTC. */
export const TEST_TIME = Date.UTC(2026, 0, 5, 12);

/** What all tests of a run share. */
export interface TestGround {
  readonly table: Table;
  readonly policy: Policy;
  /** The same policy where no agent's review is ever due, for tests without `at`. */
  readonly undated: Policy;
  readonly environment: string;
}

/** A root session with its tree, and where in it the test stands. */
export interface Run {
  readonly tree: SessionTree;
  readonly people: People;
  /** From the root to the session that acts. */
  seats: readonly Seat[];
  /** How many sessions the tree has had. */
  size: number;
}

export interface Seat {
  readonly agent: string;
  readonly session: string;
}

/** When a session was opened, for the caps on how many an agent opens and has open. */
export interface Opened {
  readonly agent: string;
  readonly session: string;
  readonly at: number;
}

export interface World {
  readonly ground: TestGround;
  readonly test: ResolvedTest;
  /** What every session of the test knows of its `task`: each root is of the test's agent. */
  readonly task: string | null;
  readonly policy: Policy;
  readonly counts: Counts;
  readonly watch: BreakerWatch;
  readonly live: Map<string, Set<string>>;
  readonly opened: Opened[];
  now: number;
  /** Null while no session could be opened. */
  run: Run | null;
}

export function newWorld(ground: TestGround, test: ResolvedTest): World {
  return {
    ground,
    test,
    task: taskInSession({ ...test, agent: namedAgent(ground.table, test.agent) }),
    policy: test.at === null ? ground.undated : ground.policy,
    counts: emptyCounts(),
    watch: watchBreakers(ground.table.body.breakers),
    live: new Map(),
    opened: [],
    now: test.at ?? TEST_TIME,
    run: null,
  };
}

/** A fresh root session; whether it may be opened was decided before. */
export function startRun(world: World, agent: Agent, session: string): Run {
  const { actions } = world.ground.table.body;
  const { now: openedAt, counts, live, task } = world;
  const start = { id: session, actions, openedAt, labels: agent.starts_with, calls: 0, task, counts, live };
  return { tree: openTree(start), people: newPeople(actions), seats: [{ agent: agent.name, session }], size: 1 };
}

/** The session that acts. */
export function seatOf(run: Run): Seat {
  const seat = run.seats.at(-1);
  if (seat === undefined) throw new Error("a tree of sessions has a root");
  return seat;
}

export function askerOf(world: World, run: Run): Asker {
  const { agent } = seatOf(run);
  return { agent, requester: world.test.requester, isRoot: run.seats.length === 1, now: world.now };
}

/** What the acting agent asks, as the edge would put it to the engine. */
export function requestOf(world: World, seats: readonly Seat[], call: Pick<Request, "action" | "args">): Request {
  const acting = seats.at(-1) ?? { agent: world.test.agent, session: "" };
  const { requester } = world.test;
  return {
    agent: acting.agent,
    session: acting.session,
    environment: world.ground.environment,
    callers: seats.slice(0, -1).map(({ agent }) => agent),
    ...(requester === null ? {} : { requester: requesterOf(requester) }),
    action: call.action,
    args: call.args,
    at: world.now,
    sha256: sha256Hex,
  };
}

/**
 * A requester as a test or a command line names one: by address, with no claims. So it is in the groups that list
 * the address and in no group that rests on a claim.
 */
export function requesterOf(id: string): Requester {
  return id.includes("@") ? { id, email: id, claims: {} } : { id, claims: {} };
}

export function agentOf(world: World, name: string): Agent {
  return namedAgent(world.ground.table, name);
}

export function namedAgent(table: Table, name: string): Agent {
  const agent = table.body.agents.find((one) => one.name === name);
  if (agent === undefined) throw new Error(`the test was resolved with agent ${name}, which the table hasn't`);
  return agent;
}

export function approvalsOf(world: World, names: readonly string[]): readonly Approval[] {
  return world.ground.table.body.approvals.filter(({ name }) => names.includes(name));
}

/** A denial that no rule of the engine's made. */
export function refusal(reason: Decision["reason"], message: string): Decision {
  return { ...NOTHING, decision: "deny", tier: "never", reason, message };
}

/** An answer that decides nothing else than itself. */
export const NOTHING: Omit<Decision, "decision" | "tier" | "message"> = {
  reason: "rule",
  faults: [],
  rules: [],
  approvals: [],
  notify: [],
  spends: [],
  limits: [],
  adds: [],
  clears: [],
  unknown: [],
  trials: [],
};
