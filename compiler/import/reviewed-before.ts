/** What the tools of a server were when they were reviewed, as far as that is known. */
import type { File } from "../../dsl/index.ts";
import type { ImportedAction, ImportedActions } from "./imported-action.ts";

/**
 * `same`: the catalogue is the one that was reviewed, or nothing was pinned. `known`: it is another, and the reviewed one
 * is at hand, by key. `unknown`: it is another, and what it was is lost, so that whatever may have changed has changed.
 */
export type Reviewed =
  | { readonly kind: "same" }
  | { readonly kind: "known"; readonly actions: ReadonlyMap<string, ImportedAction> }
  | { readonly kind: "unknown" };

export function reviewedBefore({ declarations }: File, { prefix, server }: ImportedActions): Reviewed {
  const node = declarations.find((one) => one.kind === "Server" && one.name.value === prefix);
  if (server === null || node?.kind !== "Server" || node.sha256.value === server.sha256) return { kind: "same" };
  if (server.before?.sha256 !== node.sha256.value) return { kind: "unknown" };
  return { kind: "known", actions: new Map(server.before.actions.map((action) => [action.key, action])) };
}
