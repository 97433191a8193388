/** A comparison of policies for a terminal: differences in the order of their danger, then the matrix. */
import { type Paint, painter } from "../../terminal/paint.ts";
import { printable } from "../../terminal/printable.ts";
import { hang } from "../../terminal/wrap.ts";
import type { Fate } from "../space/effect.ts";
import { shellWord } from "../witness/explain-text.ts";
import { diffMatrixText } from "./diff-matrix-text.ts";
import type { Direction, Doubt, Example, PolicyDiff, RequestChange, SettingChange } from "./policy-diff.ts";

export interface DiffTextOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Where the new policy is, for commands to copy; without it they are about the current directory. Null: in no file. */
  readonly path?: string | null;
}

interface Pen {
  readonly paint: Paint;
  readonly width: number;
  readonly path: string | null;
}

/** Text that ends in a line end; `no change` where there is none. */
export function diffText(diff: PolicyDiff, options: DiffTextOptions): string {
  const pen = {
    paint: painter(options.colour),
    width: Math.max(40, options.width),
    path: options.path === undefined ? "." : options.path,
  };
  const parts = [
    ...section("looser", loosened(diff), pen),
    ...section(
      "may be looser",
      looserDoubts(diff).map((doubt) => doubtText(doubt, pen)),
      pen,
    ),
    ...section("stricter", tightened(diff), pen),
    ...section(
      "renamed",
      diff.notes.map((note) => hang("  ", printable(note), pen.width)),
      pen,
    ),
  ];
  if (parts.length === 0) return "no change\n";
  return `${[...parts.map((part) => part(pen)), diffMatrixText(diff, pen), summary(diff)].filter((text) => text !== "").join("\n\n")}\n`;
}

type Part = (pen: Pen) => string;

function section(title: string, entries: readonly (string | Part)[], _pen: Pen): readonly Part[] {
  if (entries.length === 0) return [];
  return [
    (pen) =>
      [pen.paint("bold", title), ...entries.map((entry) => (typeof entry === "string" ? entry : entry(pen)))].join(
        "\n",
      ),
  ];
}

function loosened(diff: PolicyDiff): readonly Part[] {
  return towards(diff, "looser");
}

function tightened(diff: PolicyDiff): readonly Part[] {
  return towards(diff, "stricter");
}

function towards({ requests, settings }: PolicyDiff, direction: Direction): readonly Part[] {
  return [
    ...requests.filter((one) => one.direction === direction).map((one) => (pen: Pen) => requestText(one, pen)),
    ...settings.filter((one) => one.direction === direction).map((one) => (pen: Pen) => settingText(one, pen)),
  ];
}

function sign(direction: Direction, { paint }: Pen): string {
  return direction === "looser" ? paint("red", "▲") : paint("green", "▼");
}

function requestText(change: RequestChange, pen: Pen): string {
  const { paint, width } = pen;
  const classes = paint("dim", `(${change.classes.join(", ")})`);
  const head = `  ${sign(change.direction, pen)} ${paint("bold", printable(change.action))} ${classes} ${change.kind}`;
  return [
    head,
    hang("      for      ", whoText(change.agents), width),
    hang("      instead  ", `${fateText(change.before)} → ${fateText(change.after)}`, width),
    ...change.because.map((less) => hang("      because  ", printable(less), width)),
    ...exampleLines(change.example, pen),
  ].join("\n");
}

/** To be copied: never wrapped, and a block of lines by itself. */
function exampleLines({ test, explain, request, session }: Example, { path }: Pen): readonly string[] {
  const [first = "", ...rest] = (test ?? JSON.stringify({ request, session })).split("\n").map(printable);
  const command = `agentpolicy explain ${path === "." ? "" : `${shellWord(path ?? "")} `}${explain ?? ""}`;
  return [
    `      example  ${first}`,
    ...rest.map((line) => `               ${line}`),
    ...(explain === null || path === null ? [] : [`      explain  ${printable(command)}`]),
  ];
}

function whoText(agents: readonly string[]): string {
  const few = agents.slice(0, 5).map(printable).join(", ");
  return agents.length > 5 ? `${few} and ${agents.length - 5} more` : few;
}

/** `ask via lead_review, ops is told`. */
export function fateText({ tier, via, to }: Fate): string {
  const asks = via.length > 0 ? ` via ${via.join(" and ")}` : "";
  return `${tier}${asks}${to.length > 0 ? `, told to ${to.join(", ")}` : ""}`;
}

function settingText({ direction, what, change }: SettingChange, pen: Pen): string {
  const lead = `  ${direction === "looser" ? "▲" : "▼"} `;
  const text = hang(lead, printable(`${what} ${change}`), pen.width);
  return `  ${sign(direction, pen)} ${text.slice(lead.length)}`;
}

function doubtText({ agents, action, why, rules }: Doubt, { paint, width }: Pen): string {
  return [
    `  ${paint("yellow", "~")} ${paint("bold", printable(action))}`,
    hang("      for      ", whoText(agents), width),
    hang("      because  ", why, width),
    ...rules.slice(0, 4).map((rule) => hang("      rule     ", printable(rule), width)),
  ].join("\n");
}

function looserDoubts({ doubts }: PolicyDiff): readonly Doubt[] {
  return doubts.filter(({ direction }) => direction === "looser");
}

function summary(diff: PolicyDiff): string {
  const { requests, settings } = diff;
  const count = (direction: Direction): number =>
    [...requests, ...settings].filter((one) => one.direction === direction).length;
  return `${count("looser")} looser, ${looserDoubts(diff).length} may be looser, ${count("stricter")} stricter`;
}
