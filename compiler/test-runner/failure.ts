/** Says why a step came out otherwise than a test expects, where that was decided, and what to do. */
import { type Diagnostic, positionOf, type Related, type Span } from "../../dsl/index.ts";
import { blockTitle, type Decision, type Table } from "../../engine/index.ts";
import { type Place, placesOf, placeText } from "../place-of.ts";
import type { Compilation, ResolvedTest } from "../program.ts";
import { adviceOn } from "./advice.ts";
import type { HeldDecision } from "./guard-session.ts";
import type { Surprise } from "./play-test.ts";
import type { LackingRole } from "./role-lacking.ts";
import { rowSpan } from "./row-span.ts";
import { stepName } from "./step-text.ts";
import type { TestFailure, Why } from "./test-run.ts";
import { expectationText, verdictText } from "./verdict.ts";

/** More than these fill the screen and tell no more. */
const MOST_RELATED = 3;

/** The place of a span's start. */
export function spanPlace(compilation: Compilation, span: Span): Place {
  const text = compilation.sources.find((source) => source.name === span.source)?.text ?? "";
  return { file: span.source, ...positionOf(text, span.start) };
}

export function failureOf(compilation: Compilation, table: Table, test: ResolvedTest, surprise: Surprise): TestFailure {
  const { step, decision, expectation, number, of, chain, unplayed } = surprise;
  const span = expectation?.span ?? step.span;
  const expected = expectation === null ? "allow" : expectationText(expectation);
  const got = verdictText(decision);
  const why = whyOf(table, decision);
  const help = adviceOn(table, test, surprise);
  return {
    span,
    place: spanPlace(compilation, span),
    action: stepName(step),
    args: step.kind === "call" ? step.args : {},
    chain,
    call: { number, of },
    expected,
    got,
    decision,
    why,
    help,
    unplayed,
    diagnostic: {
      code: "test",
      level: "error",
      message: messageOf(expected, got, surprise),
      span,
      label: `got \`${got}\``,
      related: relatedOf(compilation, table, decision),
      ...noteOf(decision, surprise),
      help,
      fix: null,
    },
  };
}

/** Where people look first: `expected …, got …`, which of a repeat, in whose session. */
function messageOf(expected: string, got: string, { number, of, chain }: Surprise): string {
  const which = of > 1 ? ` in call ${number} of ${of}` : "";
  const below = chain.slice(0, -1).map((name) => `\`${name}\``);
  const whose = below.length === 0 ? "" : `, for \`${chain.at(-1) ?? ""}\` called by ${below.join(", ")}`;
  return `expected \`${expected}\`, got \`${got}\`${which}${whose}`;
}

/** The engine's own sentence, where it says more than the rules that are shown. */
function noteOf(decision: Decision, { step, sessionless, lacking, unplayed }: Surprise): Pick<Diagnostic, "witness"> {
  const opened = sessionless && step.kind !== "open" ? "no session could be opened: " : "";
  const message = lacking === null ? decision.message : lackingText(lacking);
  const sentence = decision.decision === "deny" ? [opened + message] : [];
  const rest =
    unplayed === 0
      ? []
      : [`${unplayed} more ${unplayed === 1 ? "step" : "steps"} couldn't be played without that session`];
  const lines = [...sentence, ...rest];
  return lines.length === 0 ? {} : { witness: lines.join("; ") };
}

/** `oncall` would grant it, and its time was over. */
function lackingText({ role, ended }: LackingRole): string {
  if (ended === null) return `role \`${role}\` would grant this, but the session hasn't gained it`;
  return `role \`${role}\` would grant this, but its time had ended at ${new Date(ended).toISOString()}`;
}

/** The rules and limits that made the outcome, in their own lines. */
function relatedOf(compilation: Compilation, table: Table, decision: Decision): readonly Related[] {
  const limits = decision.limits
    .filter(({ over }) => over)
    .map(({ id, too_large }) => ({
      id,
      label: too_large === null ? "used up" : `never admits ${too_large}`,
    }));
  const rules = decision.rules.map(({ id }) => ({ id, label: "decided here" }));
  const rows = [...rules, ...limits].slice(0, MOST_RELATED).flatMap(({ id, label }) => {
    const span = rowSpan(compilation, table, id);
    return span === null ? [] : [{ span, label }];
  });
  return [...rows, ...breakerOf(compilation, decision)];
}

function breakerOf({ program }: Compilation, decision: Decision | HeldDecision): readonly Related[] {
  if (!("breaker" in decision)) return [];
  const tripped = (program?.breakers ?? []).filter(({ row }) => row.name === decision.breaker);
  return tripped.map(({ span }) => ({ span, label: "tripped" }));
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
