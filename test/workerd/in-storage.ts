import { runInDurableObject } from "cloudflare:test";
import { bindings } from "./requests.ts";

/** Runs in an object with SQLite that nothing else uses and that holds nothing. */
export async function inStorage(run: (storage: DurableObjectStorage) => void): Promise<void> {
  const stub = bindings.BUDGET.get(bindings.BUDGET.newUniqueId());
  await runInDurableObject(stub, (_, { storage }) => {
    for (const name of tablesIn(storage)) storage.sql.exec(`DROP TABLE ${name}`);
    run(storage);
  });
}

/** But those of SQLite and of the platform. */
export function tablesIn({ sql }: Pick<DurableObjectStorage, "sql">): readonly string[] {
  const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
  return tables.map(({ name }) => name).filter((name) => !/^(?:sqlite)?_/.test(name));
}
