/** A test run as JUnit XML, which CI systems read. */
import { placeText } from "../place-of.ts";
import { nearestText } from "./coverage.ts";
import { whyText } from "./failure.ts";
import type { TestFailure, TestResult, TestRun } from "./test-run.ts";

/** One suite for each file with tests; the class of a case is its agent. Times are 0, since a test's clock stands. */
export function testRunJunit(run: TestRun): string {
  const files = [...new Set(run.tests.map((test) => test.place.file))];
  const suites = files.map((file) =>
    suiteXml(
      file,
      run.tests.filter((test) => test.place.file === file),
    ),
  );
  const head = `<testsuites name="${xml(run.policy)}" tests="${run.tests.length}" failures="${run.failed}" time="0">`;
  const parts = [head, ...suites, ...coverageXml(run), "</testsuites>"];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${parts.join("\n")}\n`;
}

/** A suite without cases, whose output is what people read; a rule that no test reaches fails nothing. */
function coverageXml({ coverage }: TestRun): readonly string[] {
  if (coverage === null) return [];
  const lines = coverage.never_decided.map(
    ({ text, place, nearest }) => `${text} (${placeText(place)}); nearest: ${nearestText(nearest)}`,
  );
  const decided = coverage.rules - coverage.never_decided.length;
  const out = [`${decided} of ${coverage.rules} rules decided a call`, ...lines].join("\n");
  return [
    '  <testsuite name="coverage" tests="0" failures="0" errors="0" skipped="0" time="0">',
    `    <system-out>${xml(out)}</system-out>`,
    "  </testsuite>",
  ];
}

function suiteXml(file: string, tests: readonly TestResult[]): string {
  const failed = tests.filter((test) => !test.passed).length;
  const head = `  <testsuite name="${xml(file)}" tests="${tests.length}" failures="${failed}" errors="0" skipped="0" time="0">`;
  return [head, ...tests.map(caseXml), "  </testsuite>"].join("\n");
}

function caseXml(test: TestResult): string {
  const { file, line } = test.place;
  const head = `    <testcase name="${xml(test.title)}" classname="${xml(test.agent)}" file="${xml(file)}" line="${line}" time="0"`;
  if (test.passed) return `${head}/>`;
  return [`${head}>`, ...test.failures.map(failureXml), "    </testcase>"].join("\n");
}

function failureXml(failure: TestFailure): string {
  const text = [placeText(failure.place), ...failure.why.map(whyText), failure.help].join("\n");
  return `      <failure type="expectation" message="${xml(failure.diagnostic.message)}">${xml(text)}</failure>`;
}

/** Escapes for text and attributes; characters that XML 1.0 can't hold become the replacement character. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
