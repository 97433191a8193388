/**
 * An argument that may be left out makes a condition unknown. That is safe (unknown never grants and always
 * restricts) but seldom meant, so each such reading without `is present` beside it is a warning.
 */
import type { Span, Tier } from "../../dsl/index.ts";
import type { Fix, Source } from "../../dsl/index.ts";
import type { Report } from "../report.ts";
import type { Bound, OptionalRead, Reads, Scope } from "./scope.ts";

/** Notes that `span` reads the value. */
export function noteRead(bound: Bound, span: Span, scope: Scope): void {
  if (bound.optional !== null) scope.reads.optional.push({ path: bound.optional, span, negated: scope.negated });
}

/** Where the condition stands: in a rule of a tier, in a limit, or in an action's own clause. */
export type ReadIn = Tier | "limit" | "clause";

/** Warns about optional arguments that were read and never tested for presence. */
export function warnOptionalReads(reads: Reads, where: ReadIn, text: ReadText, report: Report): void {
  for (const read of reads.optional) {
    if (reads.present.has(read.path)) continue;
    report.warning("AP3040", {
      span: read.span,
      message: `\`${read.path}\` may be left out`,
      label: WHAT_THEN[where],
      help: `say what then: \`${read.path} is present and …\` or \`${read.path} is not present or …\``,
      fix: fixFor(read, where, text),
    });
  }
}

const WHAT_THEN: { readonly [where in ReadIn]: string } = {
  allow: "then this grants nothing",
  notify: "then this grants nothing, and still tells its channels",
  ask: "then this grants nothing, and still restricts",
  never: "then this forbids",
  limit: "then this counts",
  clause: "then guards take it as true, and grants as false",
};

/** Gives the text of a span. */
export type ReadText = (span: Span) => string;

/**
 * The edit that states what holds today; the rule becomes another row. Where a rule both grants and restricts there is none: unknown is neither
 * true nor false for it.
 */
function fixFor(read: OptionalRead, where: ReadIn, text: ReadText): Fix | null {
  if (where !== "allow" && where !== "never" && where !== "limit") return null;
  const restricts = where !== "allow";
  const holds = restricts !== read.negated;
  const test = holds ? "is not present or" : "is present and";
  return {
    title: `say what holds without \`${read.path}\``,
    edits: [{ span: read.span, text: `(${read.path} ${test} ${text(read.span)})` }],
    changesTable: true,
  };
}

/** A reader of spans over the given sources. */
export function textReader(sources: readonly Source[]): ReadText {
  const texts = new Map(sources.map((source) => [source.name, source.text]));
  return (span) => (texts.get(span.source) ?? "").slice(span.start, span.end);
}
