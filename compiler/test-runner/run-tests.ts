/** Runs the `test` blocks of a policy through the real engine, with all that an edge knows held in memory. */
import { prepare, type Table } from "../../engine/index.ts";
import { provedClaims } from "../proved-claims.ts";
import type { Compilation } from "../program.ts";
import { coverageOf, newCoverage } from "./coverage.ts";
import { failureOf, spanPlace } from "./failure.ts";
import { type Listener, playTest } from "./play-test.ts";
import { newWorld, type TestGround } from "./test-world.ts";
import type { TestResult, TestRun } from "./test-run.ts";
import type { ResolvedTest } from "../program.ts";

export interface TestOptions {
  /** Only tests whose title holds this text, in any case. */
  readonly filter?: string;
  /** Also say which rules made the outcome of no call, and which test comes nearest. */
  readonly coverage?: boolean;
  /** What `environment` is; by default `production` where the policy has it, else its first. */
  readonly environment?: string;
}

/** Runs the tests of a compilation without errors; throws where there is no table, which a caller checks first. */
export function runTests(compilation: Compilation, options: TestOptions = {}): TestRun {
  const { table, program } = compilation;
  if (table === null || program === null) throw new Error("a policy with errors has no table to test");
  const ground = groundOf(table, options);
  const coverage = options.coverage === true ? newCoverage(compilation, table) : null;
  const tests = program.tests
    .filter((test) => titleHolds(test.title, options.filter))
    .map((test) => runTest(compilation, ground, test, coverage?.listen(test) ?? SILENT));
  const failed = tests.filter((test) => !test.passed).length;
  return {
    policy: table.body.name,
    tests,
    passed: tests.length - failed,
    failed,
    proved: provedClaims(compilation),
    coverage: coverage === null ? null : coverageOf(table, coverage),
  };
}

const SILENT: Listener = { before: () => undefined, after: () => undefined };

function groundOf(table: Table, options: TestOptions): TestGround {
  return {
    table,
    policy: prepare(table),
    undated: prepare(withoutReviews(table)),
    environment: options.environment ?? defaultEnvironment(table),
  };
}

function runTest(compilation: Compilation, ground: TestGround, test: ResolvedTest, listener: Listener): TestResult {
  const { calls, surprises } = playTest(newWorld(ground, test), listener);
  return {
    title: test.title,
    agent: test.agent,
    span: test.span,
    place: spanPlace(compilation, test.span),
    passed: surprises.length === 0,
    calls,
    failures: surprises.map((surprise) => failureOf(compilation, ground.table, test, surprise)),
  };
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
