/** A test run as JSON, for programs. */
import { nearestText } from "./coverage.ts";
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
      chain: failure.chain,
      call: failure.call,
      expected: failure.expected,
      got: failure.got,
      reason: failure.decision.reason,
      message: failure.decision.message,
      why: failure.why.map((why) => ({ ...why, summary: whyText(why) })),
      help: failure.help,
      unplayed: failure.unplayed,
    })),
  }));
  const { policy, passed, failed, proved } = run;
  return `${JSON.stringify({ policy, passed, failed, proved, tests, coverage: coverageJson(run) }, null, 2)}\n`;
}

function coverageJson({ coverage }: TestRun): unknown {
  if (coverage === null) return null;
  const rules = coverage.never_decided.map((rule) => ({
    ...rule,
    nearest: { ...rule.nearest, summary: nearestText(rule.nearest) },
  }));
  return { rules: coverage.rules, never_decided: rules };
}
