/** For gateways in front of tools: what a tool is now, as the policy states what it was when it was reviewed. */
import { canonicalJson, sha256Hex } from "./canonical.ts";

/** As `tools/list` of an MCP server gives it; other members don't count. */
export interface ListedTool {
  readonly name: string;
  readonly description?: string | null;
  readonly inputSchema: object;
}

/** `toolSha256` of a question: 64 hex digits over the canonical JSON (RFC 8785) of name, description and input schema. */
export function toolDigest({ name, description, inputSchema }: ListedTool): Promise<string> {
  const described = description === undefined || description === null ? {} : { description };
  return sha256Hex(canonicalJson({ name, ...described, inputSchema }));
}
