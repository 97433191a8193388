/** Who can do an action, for a terminal: agents that are alike together, below them each rule and limit. */
import { cellParts, counted, doubtText, partText } from "../../matrix/cell-text.ts";
import { placeText } from "../../place-of.ts";
import { type Paint, painter, tierColour } from "../../terminal/paint.ts";
import { printable } from "../../terminal/printable.ts";
import { hang } from "../../terminal/wrap.ts";
import type { Ability, AbleAgent, AbleLimit, AbleRule, GainedAbility, WhoCan } from "./who-can.ts";

export interface WhoCanTextOptions {
  readonly colour: boolean;
  /** Columns of the terminal: longer lines are wrapped. */
  readonly width: number;
  /** Also the block and the place of each rule and limit, and rules on trial. */
  readonly rules: boolean;
}

interface Pen {
  readonly paint: Paint;
  readonly width: number;
  readonly rules: boolean;
}

/** Text that ends in a line end. */
export function whoCanText(found: WhoCan, { colour, width, rules }: WhoCanTextOptions): string {
  const pen = { paint: painter(colour), width: Math.max(40, width), rules };
  const parts = groupsOf(found.agents).map((group) => groupText(group, pen));
  const through = callersText(found, pen);
  return `${[...parts, ...through, restText(found, pen)].filter((text) => text !== "").join("\n\n")}\n`;
}

/** Several actions, those together of which the same is told. */
export function whoCanTexts(found: readonly WhoCan[], options: WhoCanTextOptions): string {
  const told = new Map<string, string[]>();
  for (const one of found) {
    const text = whoCanText(one, options);
    told.set(text, [...(told.get(text) ?? []), one.action]);
  }
  const paint = painter(options.colour);
  return [...told]
    .map(([text, actions]) => {
      const names = hang("── ", actions.map(printable).join(", "), Math.max(40, options.width));
      return `${paint("bold", names)}\n\n${text}`;
    })
    .join("\n");
}

/** Agents of which the same is told. */
function groupsOf(agents: readonly AbleAgent[]): readonly (readonly AbleAgent[])[] {
  const groups = new Map<string, AbleAgent[]>();
  for (const one of agents) {
    const { agent: _, roles: __, ...told } = one;
    const key = JSON.stringify(told);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function groupText(group: readonly AbleAgent[], pen: Pen): string {
  const [first] = group;
  if (first === undefined) return "";
  const names = hang("", printable(group.map(({ agent }) => agent).join(", ")), pen.width);
  const needs = first.requester_required ? [hang("  ", "for a verified person only", pen.width)] : [];
  return [
    pen.paint("bold", names),
    summary(first, "  ", pen),
    ...needs,
    ...linesOf(first, [], "    ", pen),
    ...first.gained.flatMap((gained) => gainedText(gained, first, pen)),
  ].join("\n");
}

/** `allow | ask (lead_review) | never`, as in the matrix. */
function summary({ outcomes, doubt }: Ability, indent: string, pen: Pen): string {
  const text = cellParts(outcomes).map(partText).join(" | ");
  const shown = hang(indent, printable(text), pen.width);
  const coloured = cellParts(outcomes).reduce(
    (line, { tier }) => line.replace(wordOf(tier), (word) => pen.paint(tierColour(tier), word)),
    shown,
  );
  return doubt === null ? coloured : `${coloured}\n${hang(indent, printable(doubtText(doubt)), pen.width)}`;
}

function wordOf(tier: AbleRule["tier"] | "none"): RegExp {
  return tier === "none" ? /–/ : new RegExp(`\\b${tier}\\b`);
}

/** The rules and limits, without those that `known` has. */
function linesOf(
  { rules, limits, outcomes }: Ability,
  known: readonly string[],
  indent: string,
  pen: Pen,
): readonly string[] {
  const shown = rules.filter(({ id, trial }) => !known.includes(id) && (pen.rules || !trial));
  const bound = limits.filter(({ id, trial }) => !known.includes(id) && (pen.rules || !trial));
  const ungranted = known.length === 0 && outcomes.some(({ tier }) => tier === "none");
  return [
    ...shown.map((rule) => ruleLine(rule, indent, pen)),
    ...(ungranted ? [line("–", "where no rule grants it", indent, pen)] : []),
    ...bound.map((limit) => limitLine(limit, indent, pen)),
  ];
}

const COLUMN = "notify  ".length;

function line(word: string, text: string, indent: string, pen: Pen): string {
  const prefix = indent + word.padEnd(COLUMN);
  const shown = hang(prefix, printable(text), pen.width);
  return word === "–" || word === "limit"
    ? shown
    : pen.paint(tierColour(word as AbleRule["tier"]), shown.slice(0, prefix.length)) + shown.slice(prefix.length);
}

function ruleLine(rule: AbleRule, indent: string, pen: Pen): string {
  const words = rule.words === "" ? "always" : rule.words;
  return line(rule.tier, `${rule.trial ? "on trial: " : ""}${words}${whereText(rule, pen)}`, indent, pen);
}

function limitLine(limit: AbleLimit, indent: string, pen: Pen): string {
  const text = limit.text.replace(/^(trial )?limit /, "").replace(/\s*\n\s*/g, " ");
  return line("limit", `${limit.trial ? "on trial: " : ""}${text}${whereText(limit, pen)}`, indent, pen);
}

function whereText({ block, place }: AbleRule | AbleLimit, { rules }: Pen): string {
  if (!rules) return "";
  return ` (${[block, placeText(place)].filter((part) => part !== "").join(", ")})`;
}

function gainedText(gained: GainedAbility, agent: AbleAgent, pen: Pen): readonly string[] {
  const { role, via, duration } = gained;
  const known = [...agent.rules, ...agent.limits].map(({ id }) => id);
  return [
    hang("  ", printable(`as ${role}, which it may become via ${via} for ${duration}`), pen.width),
    summary(gained, "    ", pen),
    ...linesOf(gained, ["", ...known], "      ", pen),
  ];
}

function callersText({ through }: WhoCan, { width }: Pen): readonly string[] {
  if (through.length === 0) return [];
  return [
    through.map(({ caller, agent }) => hang("", printable(`${caller} may call ${agent} for it`), width)).join("\n"),
  ];
}

function restText({ agents, others }: WhoCan, { paint }: Pen): string {
  if (agents.length === 0) return "no agent can";
  return others.length === 0 ? "" : paint("dim", `${counted(others.length, "other agent")} can't`);
}
