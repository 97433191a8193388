/** SQL as an object's storage has it, with another way to run a statement. A proxy would cost more than most statements. */
export function withExec(
  sql: SqlStorage,
  exec: (query: string, ...values: readonly SqlStorageValue[]) => unknown,
): SqlStorage {
  return {
    exec: exec as SqlStorage["exec"],
    get databaseSize() {
      return sql.databaseSize;
    },
    Cursor: sql.Cursor,
    Statement: sql.Statement,
  };
}
