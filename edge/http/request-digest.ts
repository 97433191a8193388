/** What a request id stands for. */
import type { JsonObject } from "../../engine/index.ts";
import { beyondDoubles, canonicalJson, sha256Hex } from "../digest.ts";
import { hmacSha256 } from "../permits/secrets.ts";
import type { AuthorizeBody } from "./bodies.ts";
import type { Said } from "./said.ts";

interface Withheld {
  /** The arguments as they are shown. */
  readonly args: JsonObject;
  readonly said: Said;
  /** Of the arguments; null where they are shown whole. */
  readonly mac: string | null;
  readonly key: string;
}

/**
 * The same id with another of these is another request. It is recorded, so it is made of all this as it is shown; what is
 * withheld is in it as its MAC.
 */
export function requestDigest(
  body: AuthorizeBody,
  args: JsonObject,
  { args: shown, said, mac, key }: Withheld,
): string {
  const { action, resources, approval } = said;
  const { tool_sha256 } = body;
  const tool = tool_sha256 === undefined ? {} : { tool_sha256 };
  // Such numbers stand as text in the canonical form, and must not pass for the same request with that text.
  const beyond = beyondDoubles(args) ? { beyond_doubles: true } : {};
  // Nothing that an agent could write in a secret's place may pass for the request with that secret.
  const hidden = mac === null ? {} : { args_hmac_sha256: mac };
  const unsaid = isWhole(said, body) ? {} : { words_hmac_sha256: hmacSha256(key, wordsOf(body)) };
  return `sha256:${sha256Hex(canonicalJson({ action, args: shown, resources, approval, ...tool, ...beyond, ...hidden, ...unsaid }))}`;
}

function isWhole({ action, resources, approval }: Said, body: AuthorizeBody): boolean {
  const stated = body.resources ?? [];
  const isSame = action === body.action && approval === (body.approval ?? null);
  return isSame && (resources ?? []).every((resource, at) => resource === stated[at]);
}

function wordsOf({ action, resources, approval }: AuthorizeBody): string {
  return canonicalJson([action, resources ?? null, approval ?? null]);
}
