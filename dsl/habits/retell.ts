/** Tells a line that is written as elsewhere by that, instead of by the token at which reading it ended. */
import type { Diagnostic } from "../diagnostic.ts";
import { type MistakeDetails, mistake, replacement } from "../mistake.ts";
import { agentHabits } from "./agents.ts";
import { claimHabits } from "./claims.ts";
import { clauseHabits } from "./clauses.ts";
import { conditionHabits } from "./conditions.ts";
import { delegationHabits } from "./delegation.ts";
import { guardingHabits } from "./guarding.ts";
import type { Groups, Habit, ParamNames } from "./habit.ts";
import { limitHabits } from "./limits.ts";
import { ruleHabits } from "./rules.ts";
import { settingHabits } from "./settings.ts";
import { stepHabits } from "./steps.ts";
import { typeHabits } from "./parameter-types.ts";

const habits: readonly Habit[] = [
  ...stepHabits,
  ...agentHabits,
  ...claimHabits,
  ...clauseHabits,
  ...guardingHabits,
  ...delegationHabits,
  ...typeHabits,
  ...limitHabits,
  ...conditionHabits,
  ...ruleHabits,
  ...settingHabits,
];

/** Longer ones hold more than a slip, and patterns would take their time. */
const longestLine = 300;

/** Codes that say already what to type, or that are about more than the line. */
const plainEnough = new Set(["AP1002", "AP1004", "AP1005", "AP1006", "AP1007", "AP1010", "AP1011", "AP1106", "AP1112"]);

/** Whether the text reads without a mistake where `line` stands in the place from `start` to `end`. */
export type Mends = (start: number, end: number, line: string) => boolean;

/** What a file can be asked about a line of it. */
export interface Known {
  readonly mends: Mends;
  readonly params: ParamNames;
}

interface Line {
  readonly start: number;
  readonly end: number;
  /** Without indentation and comment. */
  readonly text: string;
}

/**
 * The same mistakes in their order, those of a line that is a habit told as one. `known.mends` says of a line put in the place
 * of another whether it then reads; what doesn't is no habit after all.
 */
export function retell(text: string, mistakes: readonly Diagnostic[], known: Known): Diagnostic[] {
  const told: Diagnostic[] = [];
  let above: Line | null = null;
  for (let index = 0; index < mistakes.length; ) {
    const first = mistakes[index];
    if (first === undefined) break;
    const line = lineAt(text, first.span.start);
    let next = index + 1;
    const end = line?.end ?? -1;
    while ((mistakes[next]?.span.start ?? Infinity) <= end) next++;
    const group = mistakes.slice(index, next);
    index = next;
    const meant =
      line === null || group.every(({ code }) => plainEnough.has(code)) ? null : habitOf(line, first, known);
    if (meant === null) told.push(...group);
    else if (meant.habit.goesOn !== true || !follows(text, above, line)) told.push(meant.diagnostic);
    above = line;
  }
  return told;
}

/** Whether only white space stands between the two lines. */
function follows(text: string, above: Line | null, line: Line | null): boolean {
  return above !== null && line !== null && text.slice(above.end, line.start).trim() === "";
}

/** The line around the offset; null where it is too long to be one that a person wrote. */
function lineAt(text: string, offset: number): Line | null {
  const before = /[^\r\n]*$/.exec(text.slice(Math.max(0, offset - longestLine), offset))?.[0] ?? "";
  const after = /^[^\r\n]*/.exec(text.slice(offset, offset + longestLine))?.[0] ?? "";
  const whole = before + after;
  if (whole.length >= longestLine) return null;
  const start = offset - before.length + (whole.length - whole.trimStart().length);
  const code = whole.trim().replace(/^((?:[^"]|"[^"]*")*?)\s*\/\/.*$/, "$1");
  return { start, end: offset + after.length, text: code };
}

function habitOf(
  line: Line,
  first: Diagnostic,
  { mends, params }: Known,
): { readonly habit: Habit; readonly diagnostic: Diagnostic } | null {
  if (line.text.length === 0) return null;
  for (const habit of habits) {
    if (habit.needs?.test(first.message) === false) continue;
    for (const found of line.text.matchAll(habit.line)) {
      const diagnostic = told(habit, found, line, params, first.span.source);
      if (diagnostic !== null && settles(diagnostic, line, mends)) return { habit, diagnostic };
    }
  }
  return null;
}

/** Whether the line reads as its fix writes it; what only advises can't be tried. */
function settles({ fix }: Diagnostic, line: Line, mends: Mends): boolean {
  const edit = fix?.edits[0];
  if (edit === undefined) return true;
  const [from, to] = [edit.span.start - line.start, edit.span.end - line.start];
  return mends(line.start, line.start + line.text.length, line.text.slice(0, from) + edit.text + line.text.slice(to));
}

function told(
  habit: Habit,
  found: RegExpMatchArray,
  line: Line,
  params: ParamNames,
  source: string,
): Diagnostic | null {
  const groups: Groups = { ...found.groups, 0: found[0] };
  const instead = habit.instead?.(groups, params);
  // What is written so already is no case of the habit: `list<email>` isn't an `array<email>`.
  if (instead === null || instead === found[0]) return null;
  const at = found.index ?? 0;
  const [from, to] = found.indices?.groups?.["wrong"] ?? [at, at + found[0].length];
  const span = { source, start: line.start + from, end: line.start + to };
  const message = typeof habit.message === "string" ? habit.message : habit.message(groups);
  return mistake(habit.code, span, message, details(habit, found, groups, instead, line, source));
}

function details(
  habit: Habit,
  found: RegExpMatchArray,
  groups: Groups,
  instead: string | undefined,
  line: Line,
  source: string,
): MistakeDetails {
  const advice = typeof habit.advice === "function" ? habit.advice(groups) : (habit.advice ?? "");
  if (instead === undefined) return { help: advice };
  const at = found.index ?? 0;
  const before = line.text.slice(0, at);
  const after = line.text.slice(at + found[0].length);
  const help = `write \`${(before + instead + after).trim()}\`${advice}`;
  if (habit.guess === true) return { help };
  const span = { source, start: line.start + at, end: line.start + at + found[0].length };
  return { help, fix: replacement(help, span, instead) };
}
