/** Says why a call came out otherwise than a test expects. */
import { type Diagnostic, positionOf, type Span } from "../../dsl/index.ts";
import type { Decision, Table } from "../../engine/index.ts";
import { type Place, placesOf, placeText } from "../place-of.ts";
import { blockTitle } from "../matrix/matrix.ts";
import type { Compilation, ResolvedCall } from "../program.ts";
import type { TestFailure, Why } from "./test-run.ts";
import { expectationText, verdictText } from "./verdict.ts";

/** The place of a span's start. */
export function spanPlace(compilation: Compilation, span: Span): Place {
  const text = compilation.sources.find((source) => source.name === span.source)?.text ?? "";
  return { file: span.source, ...positionOf(text, span.start) };
}

export function failureOf(
  compilation: Compilation,
  table: Table,
  call: ResolvedCall,
  number: number,
  decision: Decision,
): TestFailure {
  const expected = expectationText(call.expectation);
  const got = verdictText(decision);
  const why = whyOf(table, decision);
  return {
    span: call.expectation.span,
    place: spanPlace(compilation, call.expectation.span),
    action: call.action,
    args: call.args,
    call: { number, of: call.repeat },
    expected,
    got,
    decision,
    why,
    diagnostic: diagnosticOf(call, number, expected, got, why),
  };
}

/** What made the outcome: the rules, or for a denial without one the facts, limits or faults. */
export function whyOf(table: Table, decision: Decision): readonly Why[] {
  const places = placesOf(table);
  const rules = decision.rules.map(
    (rule): Why => ({
      kind: "rule",
      tier: rule.tier,
      block: rule.block,
      text: rule.text,
      place: places.get(rule.id) ?? null,
    }),
  );
  const unknown = decision.unknown.map((fact): Why => ({ kind: "unknown", fact }));
  const limits = decision.limits.filter((limit) => limit.over).flatMap((limit) => limitWhy(table, limit.id));
  const faults = decision.faults.map((fault): Why => ({ kind: "fault", ...fault }));
  const found = [...rules, ...unknown, ...limits, ...faults];
  return found.length > 0 ? found : [{ kind: "message", message: decision.message }];
}

function limitWhy(table: Table, id: string): readonly Why[] {
  return table.body.blocks.flatMap((block) =>
    block.limits
      .filter((limit) => limit.id === id)
      .map(
        (limit): Why => ({
          kind: "limit",
          text: limit.text,
          block: blockTitle(block),
          place: placesOf(table).get(id) ?? null,
        }),
      ),
  );
}

/** One line for each reason: `allow read on "crm/**" (crm.agentpolicy:12:3)`. */
export function whyText(why: Why): string {
  switch (why.kind) {
    case "rule":
    case "limit":
      return `${why.text}${why.place === null ? "" : ` (${placeText(why.place)})`}`;
    case "unknown":
      return `\`${why.fact}\` is unknown`;
    case "fault":
      return `\`${why.pointer}\`: ${why.detail}`;
    case "message":
      return why.message;
  }
}

/** A finding with the code `test`, so that code frames, editors and CI annotations show failures like other errors. */
function diagnosticOf(
  call: ResolvedCall,
  number: number,
  expected: string,
  got: string,
  why: readonly Why[],
): Diagnostic {
  const which = call.repeat > 1 ? ` in call ${number} of ${call.repeat}` : "";
  return {
    code: "test",
    level: "error",
    message: `expected \`${expected}\`, got \`${got}\`${which}`,
    span: call.expectation.span,
    label: `got \`${got}\``,
    related: [],
    help: why.map(whyText).join("; "),
    fix: null,
  };
}
