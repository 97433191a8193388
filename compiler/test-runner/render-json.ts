/** A test run as JSON, for programs. */
import { whyText } from "./failure.ts";
import type { TestRun } from "./test-run.ts";

/** Counts, then each test with its failures: what was expected, what came, why, where. Text ends in a line end. */
export function testRunJson(run: TestRun): string {
  const tests = run.tests.map((test) => ({
    title: test.title,
    agent: test.agent,
    place: test.place,
    passed: test.passed,
    calls: test.calls,
    failures: test.failures.map((failure) => ({
      place: failure.place,
      action: failure.action,
      args: failure.args,
      call: failure.call,
      expected: failure.expected,
      got: failure.got,
      reason: failure.decision.reason,
      why: failure.why.map((why) => ({ ...why, summary: whyText(why) })),
    })),
  }));
  const { policy, passed, failed, coverage } = run;
  return `${JSON.stringify({ policy, passed, failed, tests, coverage }, null, 2)}\n`;
}
