/** What every later stage works with, and the one way to look a name up. */
import type { Name } from "../../dsl/index.ts";
import type { Declared, NameKind, Names } from "../collect/names.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt, isInvented, type Report, spell } from "../report.ts";
import type { ReadText } from "../type/optional-reads.ts";

export interface Context {
  readonly report: Report;
  readonly names: Names;
  /** `kind name` of everything that something else refers to. */
  readonly used: Set<string>;
  readonly environments: readonly string[];
  /** Actions with a mistake that has had its message; nothing more is said about what it may have hidden. */
  readonly faulty: Set<string>;
}

/** A context that can also quote the text of the policy. */
export interface Resolver extends Context {
  readonly textOf: ReadText;
}

const UNKNOWN_CODES: { readonly [K in NameKind]: string } = {
  label: "AP2010",
  set: "AP2011",
  "live set": "AP2011",
  schedule: "AP2012",
  group: "AP2013",
  channel: "AP2014",
  approval: "AP2015",
  class: "AP2016",
  action: "AP2017",
  define: "AP2018",
  role: "AP2019",
  agent: "AP2020",
};

/** The declaration that `name` refers to; null, and a message, where there is none. */
export function lookup<K extends NameKind>(context: Context, kind: K, name: Name): Declared[K] | null {
  const declared = context.names.by[kind].get(name.value);
  context.used.add(`${kind} ${name.value}`);
  if (declared !== undefined) return declared;
  reportUnknown(context.report, { code: UNKNOWN_CODES[kind], what: kind, name }, context.names.by[kind].keys());
  return null;
}

/** Looks several up; the names of those that exist, sorted, each once. */
export function lookupAll(context: Context, kind: NameKind, names: readonly Name[]): readonly string[] {
  const found = names.filter((name) => lookup(context, kind, name) !== null).map((name) => name.value);
  return [...new Set(found)].toSorted();
}

/** Beyond so many findings no nearest name is looked for. */
const mostLooked = 300;

/** Says that `name` isn't known, and what may have been meant. */
export function reportUnknown(
  report: Report,
  unknown: { readonly code: string; readonly what: string; readonly name: Name },
  candidates: Iterable<string>,
): void {
  const { code, what, name } = unknown;
  if (isInvented(name)) return;
  // Where nearly every name is unknown, looking for the nearest each time would take longer than reading the policy.
  const known = report.diagnostics.length > mostLooked ? [] : [...candidates];
  const near = nearestName(name.value, known);
  report.error(code, {
    span: name.span,
    message: `there is no ${what} \`${name.value}\``,
    label: "unknown name",
    help: near === null ? listKnown(what, [...new Set(known)]) : `did you mean \`${near}\`?`,
    fix: near === null ? null : guessAt(name.span, spell(near)),
  });
}

const EXAMPLES: { readonly [kind: string]: string } = {
  channel: 'channel NAME = slack secret "SLACK_WEBHOOK"',
  approval: "approval NAME { approvers GROUP }",
  group: 'group NAME = ["ana@acme.example"]',
  set: 'set NAME = ["acme.example"]',
  schedule: 'schedule NAME = mon-fri 09:00-17:00 "Europe/Berlin"',
  label: "label NAME is taint",
};

function exampleOf(kind: string): string {
  const example = EXAMPLES[kind];
  return example === undefined ? "" : ` with \`${example}\``;
}

function listKnown(what: string, known: readonly string[]): string {
  if (known.length === 0)
    return what.endsWith(" called")
      ? "remove it: none is declared"
      : `declare it${exampleOf(what)}: this policy has no ${what} yet`;
  const some = known.toSorted().slice(0, 5);
  const names = some.map((name) => `\`${name}\``).join(", ");
  return known.length > some.length
    ? `declare it, or use one of the others, such as ${names}`
    : `declare it, or use ${names}`;
}
