/** Where a rule or limit of the table stands in the sources, as a span that a code frame can show. */
import { positionOf, type Span } from "../../dsl/index.ts";
import type { Table } from "../../engine/index.ts";
import { placeOf, placeText } from "../place-of.ts";
import type { Compilation } from "../program.ts";

/** Null where the table doesn't say. */
export function rowSpan(compilation: Compilation, table: Table, id: string): Span | null {
  const place = placeOf(table, id);
  return place === null ? null : (spansOf(compilation).get(placeText(place)) ?? null);
}

function spansOf(compilation: Compilation): ReadonlyMap<string, Span> {
  const known = CACHE.get(compilation);
  if (known !== undefined) return known;
  const texts = new Map(compilation.sources.map(({ name, text }) => [name, text]));
  const nodes = (compilation.program?.blocks ?? []).flatMap((block) => [...block.rules, ...block.limits]);
  const spans = new Map(
    nodes.map(({ node: { span } }) => {
      const position = positionOf(texts.get(span.source) ?? "", span.start);
      return [placeText({ file: span.source, ...position }), span];
    }),
  );
  CACHE.set(compilation, spans);
  return spans;
}

const CACHE = new WeakMap<Compilation, ReadonlyMap<string, Span>>();
