/** Puts edits into texts. */
import type { Fix, Source } from "../../dsl/index.ts";

type Edit = Fix["edits"][number];

/** The sources with all edits in place; they must not touch each other. */
export function applyEdits(sources: readonly Source[], edits: readonly Edit[]): readonly Source[] {
  return sources.map((source) => {
    const own = edits.filter(({ span }) => span.source === source.name);
    return own.length === 0 ? source : { name: source.name, text: edited(source.text, own) };
  });
}

function edited(text: string, edits: readonly Edit[]): string {
  const fromTheEnd = edits.toSorted((a, b) => b.span.start - a.span.start);
  return fromTheEnd.reduce(
    (sofar, { span, text: by }) => sofar.slice(0, span.start) + by + sofar.slice(span.end),
    text,
  );
}

/** Whether two fixes change the same place, so that only one of them can be applied. */
export function touch(one: Fix, other: Fix): boolean {
  return one.edits.some(({ span: a }) =>
    other.edits.some(({ span: b }) => a.source === b.source && a.start <= b.end && b.start <= a.end),
  );
}
