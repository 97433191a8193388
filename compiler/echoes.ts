/** Findings that may only follow from a mistake of syntax, because it took a declaration, a rule or an item away. */
import type { Declaration, Diagnostic, File, Source, Span } from "../dsl/index.ts";

/** Whether a name exists, and whether a rule is about anything: unknown once a declaration may have been lost. */
const OF_LOST_NAMES: ReadonlySet<string> = new Set([
  "AP2003",
  ...Array.from({ length: 16 }, (_, index) => `AP20${index + 10}`),
  "AP3003",
  "AP3005",
  "AP3080",
  "AP3081",
  "AP2100",
  "AP3107",
]);

/** Whether a declaration is complete: unknown once something in it couldn't be read. */
const OF_LOST_ITEMS: ReadonlySet<string> = new Set(["AP5020", "AP5030", "AP5101", "AP5109", "AP2153"]);

/** In these a mistake loses rules, items or steps, and nothing that others refer to. */
const NAMELESS: ReadonlySet<Declaration["kind"]> = new Set([
  "Role",
  "EveryAgent",
  "Agent",
  "Approval",
  "Test",
  "Prove",
  "Policy",
]);

/** Brackets that don't fit: nobody knows what belongs where. */
const UNBALANCED = /1106$/;

export function echoesOf({ files, sources, mistakes }: Read): (finding: Diagnostic) => boolean {
  const errors = mistakes.filter(({ level }) => level === "error");
  const homes = errors.map((mistake) => homeOf(mistake, files));
  const namesLost = homes.some((home) => home === null || !NAMELESS.has(home.kind));
  const damaged = homes.filter((home) => home !== null);
  const lines = errors.map(({ span }) => lineOf(span, sources));
  // What is only a warning may well be so because of what couldn't be read.
  const isDoubtful = ({ level, span }: Diagnostic): boolean =>
    level !== "error" && (namesLost || lines.some((line) => isWithin(span, line)));
  const isLost = ({ code, span }: Diagnostic): boolean =>
    OF_LOST_ITEMS.has(code)
      ? namesLost || damaged.some((home) => isWithin(span, home.span))
      : namesLost && OF_LOST_NAMES.has(code);
  return (finding) => isDoubtful(finding) || isLost(finding);
}

interface Read {
  readonly files: readonly File[];
  readonly sources: readonly Source[];
  /** What the parser found. */
  readonly mistakes: readonly Diagnostic[];
}

function lineOf(span: Span, sources: readonly Source[]): Span {
  const text = sources.find(({ name }) => name === span.source)?.text ?? "";
  const end = text.indexOf("\n", span.end);
  return { source: span.source, start: text.lastIndexOf("\n", span.start - 1) + 1, end: end < 0 ? text.length : end };
}

/** The declaration that the mistake is in; null where it took one away, or may have. */
function homeOf({ code, span }: Diagnostic, files: readonly File[]): Declaration | null {
  if (UNBALANCED.test(code)) return null;
  const file = files.find((one) => one.span.source === span.source);
  return file?.declarations.find((declaration) => isWithin(span, declaration.span)) ?? null;
}

function isWithin(span: Span, outer: Span): boolean {
  return span.source === outer.source && span.start >= outer.start && span.end <= outer.end;
}
