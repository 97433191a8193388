import { runInDurableObject } from "cloudflare:test";
import { bindings } from "./requests.ts";

/** Those of earlier tests, with all their sessions, would be told of every switch that concerns everybody. */
export async function forgetAgents(): Promise<void> {
  const board = bindings.SWITCHBOARD.get(bindings.SWITCHBOARD.idFromName("switchboard"));
  await runInDurableObject(board, (_, { storage }) => {
    storage.sql.exec("DELETE FROM agents");
  });
}
