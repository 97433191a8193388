/** An explanation as people read it in a terminal: the decision, then every rule and limit that took part. */
import {
  type Decision,
  DEFAULT_OPENINGS,
  type ExplainedLimit,
  type ExplainedRule,
  type ExplainedTruth,
  type Explanation,
  OPENING,
  type Table,
} from "../../engine/index.ts";
import { placesOf, placeText } from "../place-of.ts";
import { type Paint, painter, tierColour } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";
import { hang, wrap } from "../terminal/wrap.ts";
import { chainLines } from "./chain-lines.ts";
import { type CountedLimit, countedLimits, isCulprit, limitState } from "./limit-state.ts";
import { truthTree } from "./truth-tree.ts";

export interface ExplainTextOptions {
  /** Who acts: an explanation is of one request, which its reader knows. */
  readonly agent: string;
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** How an explanation is written, everywhere in it. */
export interface Pen {
  readonly paint: Paint;
  readonly width: number;
  /** Where a rule or limit was written, with its block: `role sales, crm.agentpolicy:12:3`. */
  readonly where: (id: string, block: string | null) => string;
}

/** Text that ends in a line end. Rules that can't be about the action are not shown. */
export function explainText(explanation: Explanation, table: Table, options: ExplainTextOptions): string {
  const places = placesOf(table);
  const pen: Pen = {
    paint: painter(options.colour),
    width: Math.max(40, options.width),
    where: (id, block) =>
      [block, placeText(places.get(id) ?? null)].filter((part) => part !== null && part !== "").join(", "),
  };
  const { rules, limits, callers } = explanation;
  const counted = countedLimits(explanation);
  // The one that acts first, then those above it, the root last: as one would walk up.
  const parties = [null, ...callers.map(({ agent }) => agent).toReversed()];
  const parts = [
    verdict(explanation, pen),
    ...(callers.length === 0 ? [] : [section("chain", chainLines(callers, options.agent, pen), pen)]),
    ...parties.flatMap((party) =>
      partyText(explanation, counted, { party, acting: callers.length === 0 ? null : options.agent }, pen),
    ),
  ];
  const legend = pen.paint("dim", "✓ true   ✗ false   ? unknown: never grants, always restricts");
  const shown = rules.length + limits.length > 0 ? [...parts, legend] : parts;
  return `${shown.filter((part) => part !== "").join("\n\n")}\n`;
}

function verdict({ decision, resources, limits }: Explanation, pen: Pen): string {
  const { paint } = pen;
  const tier = decision.decision === "deny" ? "never" : decision.tier;
  const lines = [
    `${paint("bold", paint(tierColour(tier), headline(decision)))} ${paint("dim", `(reason ${decision.reason})`)}`,
    ...wrap(printable(decision.message), pen.width - 2).map((line) => `  ${line}`),
    ...decision.faults.map(({ pointer, detail }) => hang("  ", printable(`${pointer}: ${detail}`), pen.width)),
    ...(decision.rules.some(({ id }) => id === OPENING.name) ? openingLines(limits.length === 0, pen) : []),
    ...fact("acts on", resources, pen),
    ...fact("needs", decision.approvals, pen),
    ...fact("tells", decision.decision === "deny" ? [] : decision.notify, pen),
    ...fact("adds", decision.adds, pen),
    ...fact("unknown", decision.unknown, pen),
    ...fact(
      "rehearsed",
      decision.trials.map((rule) => rule.text),
      pen,
    ),
  ];
  return lines.join("\n");
}

function openingLines(isUnlimited: boolean, { width }: Pen): readonly string[] {
  const { open, an_hour } = DEFAULT_OPENINGS;
  const bound = `no limit counts it, so the agent has at most ${open} sessions open and opens ${an_hour} an hour`;
  return ["opening a session needs no grant", ...(isUnlimited ? [bound] : [])].map((line) => hang("  ", line, width));
}

/** `allow`, `allow, and ops is told`, `ask via lead_review`, `deny`. */
function headline(decision: Decision): string {
  if (decision.decision === "ask") return `ask via ${decision.approvals.join(" and ")}`;
  if (decision.decision === "allow" && decision.notify.length > 0) return "allow, and people are told";
  return decision.decision;
}

function fact(name: string, values: readonly string[], pen: Pen): readonly string[] {
  return values.length === 0 ? [] : [`  ${pen.paint("dim", name)} ${printable(values.join(", "))}`];
}

function section(title: string, entries: readonly string[], pen: Pen): string {
  return entries.length === 0 ? "" : [pen.paint("bold", title), ...entries].join("\n");
}

/** What one agent of the chain brings; without a chain nobody has to be named. */
function partyText(
  { rules, decision }: Explanation,
  limits: readonly CountedLimit[],
  { party, acting }: { readonly party: string | null; readonly acting: string | null },
  pen: Pen,
): readonly string[] {
  const whose = acting === null ? "" : ` of ${party ?? acting}`;
  const own = rules.filter(({ agent }) => agent === party);
  return [
    section(
      `rules${whose}`,
      byPart(own, decision).map((rule) => ruleText(rule, decision, pen)),
      pen,
    ),
    section(
      `limits${whose}`,
      limits.filter(({ limit }) => limit.agent === party).map((counted) => limitText(counted, decision, pen)),
      pen,
    ),
  ];
}

function ruleText(explained: ExplainedRule, decision: Decision, pen: Pen): string {
  const { rule } = explained;
  const decided = decision.rules.some((one) => one.id === rule.id) ? DECIDED : "";
  const effect = `${rule.trial ? "rehearsal: " : ""}${effectOf(explained)}`;
  const doc = rule.doc === null ? [] : indent(wrap(printable(rule.doc.replaceAll("\n", " ")), pen.width - 6), 6, pen);
  return [
    ...ruleLines(overall(explained), rule.text, pen, tierColour(rule.tier)),
    ...effectLines(effect, decided, pen.where(rule.id, rule.block), pen),
    ...doc,
    ...truthTree(explained.at, pen),
  ].join("\n");
}

/** Behind the rules and limits that made the outcome. */
const DECIDED = "  ← decided";

/** Those that decided, then those that took part, then the others; in the table's order among themselves. */
function byPart(rules: readonly ExplainedRule[], decision: Decision): readonly ExplainedRule[] {
  const rank = (explained: ExplainedRule): number => {
    if (decision.rules.some((rule) => rule.id === explained.rule.id)) return 0;
    return overall(explained) === "false" || explained.ended ? 2 : 1;
  };
  return rules.toSorted((a, b) => rank(a) - rank(b));
}

/** The rule as one truth: unknown where it would both keep a grant away and restrict. */
function overall({ grants, restricts }: ExplainedRule): ExplainedTruth {
  if (grants === restricts) return grants;
  return restricts === "false" ? grants : restricts;
}

function effectOf({ rule, grants, restricts, ended, stands, role, agent }: ExplainedRule): string {
  if (ended) return "has ended";
  if (!stands) return `counts only while role ${role ?? ""} is gained`;
  const words: string[] = [];
  if (grants === "true" && rule.tier !== "never" && rule.block !== "every agent") words.push("grants");
  if (restricts !== "false" && rule.tier !== "allow") words.push("restricts");
  if (words.length > 0) return words.join(" and ");
  if (agent !== null && rule.tier === "allow") return "grants nothing: it is a caller's";
  return grants === "unknown" ? "doesn't grant, since it is unknown" : "plays no part";
}

function limitText(counted: CountedLimit, decision: Decision, pen: Pen): string {
  const { limit } = counted;
  const state = limit.holds === "false" ? unheld(limit) : limitState(counted, decision);
  const trial = limit.trial ? "rehearsal: " : "";
  return [
    ...ruleLines(limit.holds, limit.text, pen, "blue"),
    ...effectLines(trial + state, isCulprit(counted, decision) ? DECIDED : "", pen.where(limit.id, null), pen),
    ...truthTree(limit.at, pen),
  ].join("\n");
}

/** What it does and where it stands, in one line where that fits. */
function effectLines(effect: string, mark: string, where: string, pen: Pen): readonly string[] {
  const text = printable(effect) + pen.paint("bold", mark);
  const place = pen.paint("dim", `(${printable(where)})`);
  if (6 + effect.length + mark.length + 3 + where.length <= pen.width) return [`      ${text} ${place}`];
  return [`      ${text}`, `      ${place}`];
}

function unheld({ stands, role }: ExplainedLimit): string {
  return stands ? "doesn't count this" : `counts only while role ${role ?? ""} is gained`;
}

function ruleLines(truth: ExplainedTruth, text: string, pen: Pen, colour: Parameters<Paint>[0]): readonly string[] {
  return wrap(printable(text), pen.width - 4).map((line, index) => {
    const [word = "", ...others] = line.split(" ");
    if (index > 0) return `      ${line}`;
    return `  ${mark(truth, pen.paint)} ${[pen.paint(colour, word), ...others].join(" ")}`;
  });
}

/** `✓`, `✗` or `?`. */
export function mark(truth: ExplainedTruth, paint: Paint): string {
  if (truth === "true") return paint("green", "✓");
  return truth === "false" ? paint("red", "✗") : paint("yellow", "?");
}

function indent(lines: readonly string[], by: number, pen: Pen): readonly string[] {
  return lines.map((line) => " ".repeat(by) + pen.paint("dim", line));
}
