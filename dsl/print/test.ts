/** Tests: one step to a line, what a delegated session does indented. */
import type { CallStep, Expectation, TestArgument, TestDeclaration, TestStep, TestValue } from "../ast.ts";
import { assertNever } from "../assert-never.ts";
import { printVia } from "./agent.ts";
import { columns, type Row, row } from "./row.ts";
import { braces } from "./vocabulary.ts";
import { printName, printText, printTexts } from "./word.ts";

export function testRows(test: TestDeclaration): Row[] {
  const head =
    `agent ${printName(test.agent)}` +
    (test.requester === null ? "" : ` for ${printText(test.requester)}`) +
    (test.at === null ? "" : ` at ${test.at.text}`) +
    (test.task === null ? "" : ` task ${printText(test.task)}`);
  const last = test.task ?? test.at ?? test.requester ?? test.agent;
  const agent = row(head, { start: test.agent.span.start, end: last.span.end }, 1);
  return braces(`test ${printText(test.title)}`, test.title, [agent, ...stepRows(test.steps)], test);
}

function stepRows(steps: readonly TestStep[]): Row[] {
  let depth = 0;
  return steps.map((step) => {
    if (step.kind === "Return") depth = Math.max(0, depth - 1);
    // Expectations stand in a column of their own at each depth.
    const printed = columns(`step ${depth}`, stepCells(step), step.span, 1 + depth);
    if (step.kind === "Delegate" && entersSession(step.expectation)) depth += 1;
    return printed;
  });
}

/** What a test expects to be refused opens no session to act in. */
function entersSession(expectation: Expectation | null): boolean {
  return expectation === null || expectation.outcome.value === "allow";
}

function stepCells(step: TestStep): string[] {
  switch (step.kind) {
    case "Given":
      return [`given session has ${printName(step.label)}`];
    case "GivenSet":
      return [`given set ${printName(step.set)} has ${printTexts(step.members)}`];
    case "After":
      return [`after ${step.duration.text}`];
    case "Return":
      return ["return"];
    case "Delegate":
      return [`delegate to ${printName(step.agent)}`, ...(step.expectation ? [expected(step.expectation)] : [])];
    case "Become":
      return [`${before(step.answer)}become ${printName(step.role)}`, expected(step.expectation)];
    case "Call":
      return [callText(step), expected(step.expectation)];
    default:
      return assertNever(step);
  }
}

function callText({ repeat, answer, failed, action, args }: CallStep): string {
  const times = repeat === null ? "" : `repeat ${repeat.text}: `;
  return `${times}${before(answer)}${before(failed ? "failed" : null)}${printName(action)}(${args.map(printArgument).join(", ")})`;
}

function before(word: string | null): string {
  return word === null ? "" : `${word} `;
}

function expected({ outcome, via }: Expectation): string {
  return ` => ${printName(outcome)}${printVia(via)}`;
}

function printArgument({ name, value }: TestArgument): string {
  return `${printName(name)}: ${printValue(value)}`;
}

function printValue(value: TestValue): string {
  switch (value.kind) {
    case "String":
      return printText(value);
    case "Boolean":
      return String(value.value);
    case "Null":
      return "null";
    case "ListValue":
      return `[${value.items.map(printValue).join(", ")}]`;
    case "RecordValue":
      return value.fields.length === 0 ? "{}" : `{ ${value.fields.map(printArgument).join(", ")} }`;
    case "Number":
    case "Duration":
    case "Date":
    case "Time":
      return value.text;
    default:
      return assertNever(value);
  }
}
