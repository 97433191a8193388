/** Who reads an argument of an action: its own templates and conditions, and the rules and limits about it. */
import type { Span } from "../../dsl/index.ts";
import type { Action } from "../../engine/index.ts";
import type { Names } from "../collect/names.ts";
import type { ResolvedBlock, ResolvedLimit, ResolvedRule } from "../program.ts";
import { argumentsIn, searchesAll } from "./arguments-in.ts";

export interface Reader {
  /** As a message names it. */
  readonly what: string;
  readonly span: Span;
}

interface PlacedRow {
  readonly row: ResolvedRule | ResolvedLimit;
  readonly block: ResolvedBlock;
}

/** Enforced rows by the argument that they read, and those that look through all. */
export interface ReadingRows {
  readonly byArgument: ReadonlyMap<string, readonly PlacedRow[]>;
  readonly searching: readonly PlacedRow[];
}

export function readingRows(blocks: readonly ResolvedBlock[]): ReadingRows {
  const byArgument = new Map<string, PlacedRow[]>();
  const searching: PlacedRow[] = [];
  for (const block of blocks) {
    for (const row of [...block.rules, ...block.limits]) {
      if (row.trial) continue;
      for (const name of argumentsOf(row)) {
        const rows = byArgument.get(name) ?? [];
        rows.push({ row, block });
        byArgument.set(name, rows);
      }
      // A `never` is decided again for each later request, so what it looks for is found there too.
      if (searchesAll(row.when) && !("tier" in row && row.tier === "never")) searching.push({ row, block });
    }
  }
  return { byArgument, searching };
}

function argumentsOf(row: ResolvedRule | ResolvedLimit): ReadonlySet<string> {
  const named = argumentsIn([row.when, row.scope]);
  if (!("keys" in row)) return named;
  const summed = [row.total, ...row.keys].flatMap((path) => path?.[0] ?? []);
  return new Set([...named, ...summed]);
}

/** The first that reads the argument of one of the actions; null where nothing does. */
export function findReader(
  argument: string,
  actions: ReadonlySet<Action>,
  { names, rows }: { readonly names: Names; readonly rows: ReadingRows },
): Reader | null {
  for (const action of actions) {
    const reader = readerInAction(names, argument, action);
    if (reader) return reader;
  }
  const candidates = [...(rows.byArgument.get(argument) ?? []), ...rows.searching];
  const found = candidates.find(({ row }) => row.actions.some((action) => actions.has(action)));
  if (!found) return null;
  const what = "tier" in found.row ? "a rule" : "a limit";
  return { what: `${what} of ${blockName(found.block)}`, span: found.row.node.span };
}

/** Its resources, and what its classes and labels depend on. */
function readerInAction(names: Names, argument: string, action: Action): Reader | null {
  const { classes, resources, yields } = action;
  const node = names.by.action.get(action.name);
  if (!node) return null;
  const at = (resources ?? []).some(({ template }) =>
    template.some((segment) => segment.kind === "hole" && segment.path[0] === argument),
  );
  const [item] = Array.isArray(node.resources) ? node.resources : [];
  if (at) return { what: `the resource of \`${action.name}\``, span: item?.span ?? node.name.span };
  const tested = [...classes, ...(resources ?? []), ...yields].some(
    ({ when }) => when !== null && (argumentsIn(when).has(argument) || searchesAll(when)),
  );
  return tested ? { what: `a condition of \`${action.name}\``, span: node.name.span } : null;
}

function blockName({ kind, name }: ResolvedBlock): string {
  return kind === "every" ? "`every agent`" : `${kind} \`${name}\``;
}
