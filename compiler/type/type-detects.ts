/** `args contain secrets`, `args.body contains card_numbers`: detectors, which are heuristics. */
import type { Expression } from "../../dsl/index.ts";
import type { Condition, Detector } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt } from "../report.ts";
import { FACT_ROOTS } from "./facts.ts";
import type { Scope } from "./scope.ts";
import { mayReadWord, typePath } from "./type-path.ts";

type DetectsNode = Extract<Expression, { kind: "Detects" }>;
type TextTestNode = Extract<Expression, { kind: "TextTest" }>;

const DETECTORS: readonly Detector[] = ["secrets", "card_numbers", "canaries"];

export function typeDetects(node: DetectsNode, scope: Scope): Condition | null {
  const of = node.of === null ? null : typePath(node.of, scope);
  const detector = DETECTORS.find((candidate) => candidate === node.detector.value);
  if (detector === undefined || (node.of !== null && of === null)) return null;
  if (detector === "canaries") noteNoCanaries(node, scope);
  if (!mayReadWord(scope, node.span, "a detector is a heuristic")) return null;
  return { op: "detect", detector, of: of?.operand ?? null };
}

function noteNoCanaries(node: DetectsNode, { context }: Scope): void {
  if (context.names.canaries.length > 0) return;
  context.report.note("AP2100", {
    span: node.detector.span,
    message: "this policy declares no canary yet",
    label: "guards only what comes later",
    help: 'plant one, and declare it as `canary NAME sha256 "…"`',
  });
}

function isKnown(word: string, scope: Scope): boolean {
  const { by } = scope.context.names;
  const argument = scope.actions?.some((action) => action.params.some((param) => param.name === word)) ?? false;
  const named = by.set.has(word) || by["live set"].has(word) || by.group.has(word) || scope.variables.has(word);
  return argument || named || word === "args" || FACT_ROOTS.includes(word);
}

/** True, with a message, for `contains` with a bare word that stands for nothing: only detectors are written so. */
export function refuseDetector(node: TextTestNode, scope: Scope): boolean {
  if (node.operator !== "contains" || node.right.kind !== "Path" || node.left.kind !== "Path") return false;
  const [word, ...more] = node.right.segments;
  if (!word || more.length > 0 || isKnown(word.value, scope)) return false;
  const near = nearestName(word.value, DETECTORS);
  scope.context.report.error("AP2024", {
    span: word.span,
    message: `there is no detector \`${word.value}\``,
    label: "unknown name",
    help:
      near === null
        ? "detectors are `secrets`, `card_numbers` and `canaries`; a text is written in quotes"
        : `did you mean \`${near}\`?`,
    fix: near === null ? null : guessAt(word.span, near),
  });
  return true;
}
