/** Rows that aren't asked of the storage, as much like the platform's cursor as the edge uses it. */
export function cursorOf(
  rows: readonly object[],
): Pick<SqlStorageCursor<Record<string, SqlStorageValue>>, "toArray" | "one"> {
  const all = rows as readonly Record<string, SqlStorageValue>[];
  return {
    toArray: () => all.slice(),
    one: () => {
      const [row] = all;
      if (row === undefined || all.length > 1) throw new Error(`expected one row, found ${all.length}`);
      return row;
    },
  };
}
