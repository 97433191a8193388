/** What a tool server says that it offers, whatever spelling it came in. */
import type { JsonObject } from "../../engine/index.ts";

export interface Catalogue {
  /** As the file names it; null where it doesn't. */
  readonly server: string | null;
  readonly tools: readonly CatalogueTool[];
}

export interface CatalogueTool {
  /** As its server spells it. */
  readonly name: string;
  /** Null where there is none: the digest leaves it out. */
  readonly description: string | null;
  /** JSON Schema of the arguments. */
  readonly inputSchema: JsonObject;
  readonly hints: ToolHints;
}

/** The server's own word about a tool (MCP, `annotations`): no policy, and only what was stated. */
export interface ToolHints {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly openWorldHint?: boolean;
}
