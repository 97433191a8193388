/**
 * Runs the `test` blocks of a policy through the real engine (`docs/language.md`, "Tests"). Calls run in order in one
 * session; only what is admitted has an effect. The clock stands at the test's time.
 */
import { decide, match, type Policy, prepare, type Request, type Requester, type Table } from "../../engine/index.ts";
import { sha256Hex } from "../hash.ts";
import { coverageOf } from "./coverage.ts";
import { failureOf, spanPlace } from "./failure.ts";
import type { Compilation, ResolvedCall, ResolvedTest } from "../program.ts";
import { openSession, type TestSession } from "./session-state.ts";
import type { TestFailure, TestResult, TestRun } from "./test-run.ts";
import { meets } from "./verdict.ts";

export interface TestOptions {
  /** Only tests whose title holds this text, in any case. */
  readonly filter?: string;
  /** Also say which rules made the outcome of no call. */
  readonly coverage?: boolean;
  /** What `environment` is; by default `production` where the policy has it, else its first. */
  readonly environment?: string;
}

/** The time of tests without `at`: a Monday, at noon UTC. */
export const TEST_TIME = Date.UTC(2026, 0, 5, 12);

/** Runs the tests of a compilation without errors; throws where there is no table, which a caller checks first. */
export function runTests(compilation: Compilation, options: TestOptions = {}): TestRun {
  const { table, program } = compilation;
  if (table === null || program === null) throw new Error("a policy with errors has no table to test");
  const stage = stageOf(compilation, table, options);
  const tests = program.tests
    .filter((test) => titleHolds(test.title, options.filter))
    .map((test) => runTest(stage, test));
  const failed = tests.filter((test) => !test.passed).length;
  return {
    policy: table.body.name,
    tests,
    passed: tests.length - failed,
    failed,
    coverage: options.coverage === true ? coverageOf(table, stage.decided) : null,
  };
}

interface Stage {
  readonly compilation: Compilation;
  readonly table: Table;
  readonly policy: Policy;
  /** The same policy where no agent's review is ever due, for tests without `at`. */
  readonly undated: Policy;
  readonly environment: string;
  /** Ids of the rules that made an outcome. */
  readonly decided: Set<string>;
}

function stageOf(compilation: Compilation, table: Table, options: TestOptions): Stage {
  return {
    compilation,
    table,
    policy: prepare(table),
    undated: prepare(withoutReviews(table)),
    environment: options.environment ?? defaultEnvironment(table),
    decided: new Set(),
  };
}

function runTest(stage: Stage, test: ResolvedTest): TestResult {
  const agent = stage.table.body.agents.find((one) => one.name === test.agent);
  const now = test.at ?? TEST_TIME;
  const session = openSession({
    actions: stage.table.body.actions,
    now,
    openedAt: now,
    labels: agent?.starts_with ?? [],
    calls: 0,
    task: test.task,
  });
  const failures: TestFailure[] = [];
  let calls = 0;
  for (const step of test.steps) {
    if (step.kind === "given") {
      session.give(step.label);
      continue;
    }
    const outcome = runCall(stage, test, session, step);
    calls += outcome.calls;
    if (outcome.failure !== null) failures.push(outcome.failure);
  }
  const place = spanPlace(stage.compilation, test.span);
  return {
    title: test.title,
    agent: test.agent,
    span: test.span,
    place,
    passed: failures.length === 0,
    calls,
    failures,
  };
}

/** Every one of a `repeat` must meet the expectation; after the first that doesn't, the rest isn't run. */
function runCall(
  stage: Stage,
  test: ResolvedTest,
  session: TestSession,
  call: ResolvedCall,
): { readonly calls: number; readonly failure: TestFailure | null } {
  const policy = test.at === null ? stage.undated : stage.policy;
  const rest = match(policy, requestOf(stage, test, call));
  for (let number = 1; number <= call.repeat; number += 1) {
    const decision = decide(rest, session.state(call.approved));
    for (const rule of decision.rules) stage.decided.add(rule.id);
    session.admit(decision, call.action, call.args);
    if (!meets(decision, call.expectation)) {
      return { calls: number, failure: failureOf(stage.compilation, stage.table, call, number, decision) };
    }
  }
  return { calls: call.repeat, failure: null };
}

function requestOf(stage: Stage, test: ResolvedTest, call: ResolvedCall): Request {
  return {
    agent: test.agent,
    session: "test",
    environment: stage.environment,
    ...(test.requester === null ? {} : { requester: requesterOf(test.requester) }),
    action: call.action,
    args: call.args,
    at: test.at ?? TEST_TIME,
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

/** `production` where the policy has it, since that is what a policy is about; else the first it names. */
export function defaultEnvironment(table: Table): string {
  const { environments } = table.body.settings;
  return environments.includes("production") ? "production" : (environments[0] ?? "production");
}

/** The table with every review far away. It is only ever given to the engine here, so its hash doesn't matter. */
function withoutReviews(table: Table): Table {
  const agents = table.body.agents.map((agent) => ({ ...agent, review_by: Number.MAX_SAFE_INTEGER }));
  return { ...table, body: { ...table.body, agents } };
}

function titleHolds(title: string, filter: string | undefined): boolean {
  return filter === undefined || title.toLowerCase().includes(filter.toLowerCase());
}
