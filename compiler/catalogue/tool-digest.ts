/** What a tool was when it was reviewed: the hash that a gateway states, and that the table compares with it. */
import { canonicalJson } from "../../engine/index.ts";
import { sha256Hex } from "../hash.ts";
import type { CatalogueTool } from "./catalogue.ts";

/** 64 hex digits: SHA-256 over the canonical JSON (RFC 8785) of `{ name, description, inputSchema }`; a description that isn't there is left out. */
export function toolDigest({ name, description, inputSchema }: CatalogueTool): string {
  return sha256Hex(canonicalJson({ name, ...(description === null ? {} : { description }), inputSchema }));
}
