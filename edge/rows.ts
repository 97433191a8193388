/** Rows of a statement. What the columns hold is the statement's word: SQLite checks nothing, so name what it selects. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller states what the statement selects
export function rows<T extends object>(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): readonly T[] {
  return sql.exec(query, ...values).toArray() as unknown[] as readonly T[];
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
export function firstRow<T extends object>(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): T | null {
  return rows<T>(sql, query, ...values)[0] ?? null;
}
