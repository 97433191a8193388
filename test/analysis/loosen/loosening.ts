/** One thing of a table made looser: what it is, and the change. */
import type { Table, TableBody } from "../../../engine/index.ts";
import { sha256Hex } from "../../../compiler/index.ts";

export interface Loosening {
  readonly name: string;
  readonly body: TableBody;
}

/** A list without one of its members. */
export function without<Item>(list: readonly Item[], at: number): readonly Item[] {
  return list.toSpliced(at, 1);
}

/** Ids are hashes of what rules and limits mean, so they follow the change. */
export function tableWith(table: Table, body: TableBody): Table {
  const blocks = body.blocks.map((block) => {
    const withId = <Row extends { readonly id: string }>(letter: string, row: Row): Row => {
      const meaning = JSON.stringify([block.kind, block.name, { ...row, id: "" }]);
      return { ...row, id: `${letter}_${sha256Hex(meaning).slice(0, 12)}` };
    };
    return {
      ...block,
      rules: block.rules.map((rule) => withId("r", rule)),
      limits: block.limits.map((limit) => withId("l", limit)),
    };
  });
  const full = { ...body, blocks };
  return { ...table, body: full, hash: `sha256:${sha256Hex(JSON.stringify(full))}` };
}
