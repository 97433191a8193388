/** A test run as people read it in a terminal. */
import { renderDiagnostics, type Source } from "../../dsl/index.ts";
import { provedText } from "../proved-claims.ts";
import { placeText } from "../place-of.ts";
import { type Paint, painter } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";
import { hang, wrap } from "../terminal/wrap.ts";
import { nearestText } from "./coverage.ts";
import type { Coverage, TestFailure, TestResult, TestRun, UncoveredRule } from "./test-run.ts";

export interface TestTextOptions {
  readonly colour: boolean;
  readonly width: number;
}

/** One line for each test; for each failure the expectation and what decided, each in its line, and what to do. */
export function testRunText(run: TestRun, sources: readonly Source[], options: TestTextOptions): string {
  const paint = painter(options.colour);
  const tests = run.tests.map((test) => testText(test, sources, options, paint));
  const coverage = run.coverage === null ? [] : [coverageText(run.coverage, options, paint)];
  return `${[...tests, "", summary(run, paint), ...coverage].join("\n")}\n`;
}

function testText(test: TestResult, sources: readonly Source[], options: TestTextOptions, paint: Paint): string {
  const mark = test.passed ? paint("green", "✓") : paint("red", "✗");
  const line = `${mark} ${printable(test.title)} ${paint("dim", `(${test.agent}, ${count(test.calls, "call")})`)}`;
  return [line, ...test.failures.map((failure) => failureText(failure, sources, options))].join("\n");
}

function failureText(failure: TestFailure, sources: readonly Source[], { colour, width }: TestTextOptions): string {
  return indent(renderDiagnostics([failure.diagnostic], sources, { colour, width: width - 2 }).trimEnd());
}

function summary(run: TestRun, paint: Paint): string {
  const passed = paint("green", `${run.passed} passed`);
  const failed = run.failed === 0 ? "" : `${paint("red", `${run.failed} failed`)}, `;
  const proved = provedText(run.proved);
  return `${failed}${passed} of ${count(run.tests.length, "test")}${proved === null ? "" : `, ${proved}`}`;
}

function coverageText(coverage: Coverage, { width }: TestTextOptions, paint: Paint): string {
  const missing = coverage.never_decided;
  const decided = coverage.rules - missing.length;
  const head = `${decided} of ${count(coverage.rules, "rule")} decided a call`;
  if (missing.length === 0) return head;
  return [`${head}; these never did:`, ...missing.map((rule) => uncoveredText(rule, width, paint))].join("\n");
}

function uncoveredText(rule: UncoveredRule, width: number, paint: Paint): string {
  const [first = "", ...more] = wrap(printable(rule.text), width - 6);
  return [
    "",
    `  ${first}`,
    ...more.map((line) => `      ${line}`),
    `    ${paint("dim", `${rule.block}, ${placeText(rule.place)}`)}`,
    hang("    nearest: ", printable(nearestText(rule.nearest)), width),
  ].join("\n");
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
