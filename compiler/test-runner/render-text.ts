/** A test run as people read it in a terminal. */
import { renderDiagnostics, type Source } from "../../dsl/index.ts";
import { placeText } from "../place-of.ts";
import { type Paint, painter, printable } from "../terminal/paint.ts";
import { whyText } from "./failure.ts";
import type { Coverage, TestFailure, TestResult, TestRun } from "./test-run.ts";

export interface TestTextOptions {
  readonly colour: boolean;
  readonly width: number;
}

/** One line for each test; for each failure what came, why, and the code frame of the expectation. */
export function testRunText(run: TestRun, sources: readonly Source[], options: TestTextOptions): string {
  const paint = painter(options.colour);
  const tests = run.tests.map((test) => testText(test, sources, options, paint));
  const coverage = run.coverage === null ? [] : [coverageText(run.coverage, paint)];
  return `${[...tests, "", summary(run, paint), ...coverage].join("\n")}\n`;
}

function testText(test: TestResult, sources: readonly Source[], options: TestTextOptions, paint: Paint): string {
  const mark = test.passed ? paint("green", "✓") : paint("red", "✗");
  const line = `${mark} ${printable(test.title)} ${paint("dim", `(${test.agent}, ${count(test.calls, "call")})`)}`;
  return [line, ...test.failures.map((failure) => failureText(failure, sources, options, paint))].join("\n");
}

function failureText(failure: TestFailure, sources: readonly Source[], options: TestTextOptions, paint: Paint): string {
  const { number, of } = failure.call;
  const which = of > 1 ? ` in call ${number} of ${of}` : "";
  const expected = paint("green", failure.expected);
  const reasons = failure.why.map((why) => printable(whyText(why))).join("; ");
  const head = `  expected ${expected}, got ${paint("red", failure.got)}${which}: ${reasons}`;
  // What came and why stands in the line above the frame already; the engine's own sentence says more.
  const shown = { ...failure.diagnostic, message: failure.decision.message, help: null };
  const frame = renderDiagnostics([shown], sources, options);
  return `${head}\n${indent(frame.trimEnd())}`;
}

function summary(run: TestRun, paint: Paint): string {
  const passed = paint("green", `${run.passed} passed`);
  const failed = run.failed === 0 ? "" : `${paint("red", `${run.failed} failed`)}, `;
  return `${failed}${passed} of ${count(run.tests.length, "test")}`;
}

function coverageText(coverage: Coverage, paint: Paint): string {
  const missing = coverage.never_decided;
  const decided = coverage.rules - missing.length;
  const head = `${decided} of ${count(coverage.rules, "rule")} decided a call`;
  if (missing.length === 0) return head;
  const lines = missing.map(
    (rule) => `  ${printable(rule.text)} ${paint("dim", `(${rule.block}, ${placeText(rule.place)})`)}`,
  );
  return [`${head}; these never did:`, ...lines].join("\n");
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
