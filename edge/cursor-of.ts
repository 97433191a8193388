/** Rows that aren't asked of the storage, as much like the platform's cursor as the edge uses it. */
export function cursorOf(rows: readonly object[]): KnownRows {
  return new KnownRows(rows as readonly Record<string, SqlStorageValue>[]);
}

class KnownRows implements Pick<SqlStorageCursor<Record<string, SqlStorageValue>>, "toArray" | "one"> {
  readonly #rows: readonly Record<string, SqlStorageValue>[];

  constructor(rows: readonly Record<string, SqlStorageValue>[]) {
    this.#rows = rows;
  }

  toArray(): Record<string, SqlStorageValue>[] {
    return this.#rows.slice();
  }

  one(): Record<string, SqlStorageValue> {
    const [row] = this.#rows;
    if (row === undefined || this.#rows.length > 1) throw new Error(`expected one row, found ${this.#rows.length}`);
    return row;
  }
}
