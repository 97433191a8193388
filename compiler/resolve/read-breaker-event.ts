/** What trips a breaker: `5 denied in 1m`, `20% failed in 10m of at least 50`, `5x usual calls in 1h`, … */
import type { BreakerEvent as EventNode, DurationLiteral, NumberLiteral } from "../../dsl/index.ts";
import type { BreakerEvent } from "../../engine/index.ts";
import { assertNever } from "../assert-never.ts";
import type { Report } from "../report.ts";
import { canonicalDecimal } from "../type/canonical.ts";
import { readCount } from "./read-count.ts";
import { readWindow } from "./read-window.ts";

/** The event; null, with messages, where a number or a time makes no sense. */
export function readBreakerEvent(node: EventNode, report: Report): BreakerEvent | null {
  switch (node.kind) {
    case "CountEvent": {
      const n = count(node.number, report);
      const within = readWindow(node.in, "a breaker", report);
      return n === null || within === null ? null : { kind: "count", what: node.what, n, within };
    }
    case "RatioEvent":
      return readRatio(node, report);
    case "UsualEvent":
      return readUsual(node.factor, node.in, report);
    case "FirstUseEvent": {
      const after = readWindow(node.after, "a breaker", report);
      return after === null ? null : { kind: "first_use", after };
    }
    case "CanaryEvent":
      return { kind: "canary" };
    default:
      return assertNever(node);
  }
}

function count(number: NumberLiteral, report: Report): number | null {
  return readCount(number, { least: 1, what: "how often it must happen" }, report);
}

function readRatio(node: EventNode & { kind: "RatioEvent" }, report: Report): BreakerEvent | null {
  const percent = canonicalDecimal(node.percent.text);
  const sound = percent !== null && Number(percent) > 0 && Number(percent) <= 100;
  if (!sound) refuseNumber(node.percent, "write more than 0 and at most 100", report);
  const of = readCount(node.atLeast, { least: 1, what: "how many there must be" }, report);
  const within = readWindow(node.in, "a breaker", report);
  return !sound || of === null || within === null ? null : { kind: "ratio", percent, within, of };
}

function readUsual(factor: NumberLiteral, window: DurationLiteral, report: Report): BreakerEvent | null {
  const times = canonicalDecimal(factor.text);
  const sound = times !== null && Number(times) > 1;
  if (!sound) refuseNumber(factor, "write how many times as much as usual: more than 1", report);
  const within = readWindow(window, "a breaker", report);
  return !sound || within === null ? null : { kind: "usual", factor: times, within };
}

function refuseNumber({ span, text }: NumberLiteral, help: string, report: Report): void {
  report.error("AP5110", { span, message: `\`${text}\` makes no sense here`, label: null, help });
}
