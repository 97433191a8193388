/** What an action's server calls it. */
import type { ActionDeclaration } from "../../dsl/index.ts";

/** As `tool "…"` says, else the rest of the action's name behind the server's. */
export function toolNameOf({ name, tool }: ActionDeclaration): string {
  return tool?.value ?? name.segments.slice(1).join(".");
}
