/** The shard's Merkle tree in SQL. Its leaves are the hashes of records, as bytes, in the order in which they came. */
import type { Tiles } from "../../ledger/merkle-tree.ts";
import { firstRow } from "../../rows.ts";

export interface Tree extends Tiles {
  size(): number;
  setSize(size: number): void;
}

export function createTree(sql: SqlStorage): Tree {
  return {
    read: (level, place) => {
      const row = firstRow<{ hashes: ArrayBuffer }>(
        sql,
        "SELECT hashes FROM tiles WHERE level = ? AND place = ?",
        level,
        place,
      );
      return row === null ? null : new Uint8Array(row.hashes);
    },
    write: (level, place, hashes) => {
      const bytes = hashes.slice().buffer;
      sql.exec("INSERT OR REPLACE INTO tiles (level, place, hashes) VALUES (?, ?, ?)", level, place, bytes);
    },
    size: () => sql.exec<{ size: number }>("SELECT size FROM tree").one().size,
    setSize: (size) => {
      sql.exec("UPDATE tree SET size = ?", size);
    },
  };
}
