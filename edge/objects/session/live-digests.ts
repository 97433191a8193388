/**
 * How a record names what live sets were asked about: by a digest that whoever has the arguments beside it can make again.
 * Of a text that is withheld there it is a MAC, since short ones could be tried out.
 */
import { createHmac } from "node:crypto";
import { liveKey } from "../../../engine/index.ts";
import { sha256Hex } from "../../digest.ts";
import type { AuthorizeInput } from "../../rpc.ts";
import { membershipsIn } from "./live-facts.ts";

/** @returns in the order of `membershipsIn`, 64 hex digits each */
export function liveDigests(key: string, { remainder, args, args_sha256 }: AuthorizeInput): readonly string[] {
  const asked = membershipsIn(remainder);
  if (asked.length === 0) return [];
  const isWhole = sha256Hex(args) === args_sha256;
  const shown = isWhole ? [] : textsIn(JSON.parse(args) as unknown);
  const isShown = (value: string): boolean =>
    value === remainder.requester || shown.some((text) => text.includes(value));
  return asked.map(({ set, value }) => {
    const text = liveKey(args, set, value);
    return isWhole || isShown(value) ? sha256Hex(text) : createHmac("sha256", key).update(text).digest("hex");
  });
}

/** All texts, but for those that say what was withheld. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || isWithheld(value)) return [];
  return Object.values(value).flatMap(textsIn);
}

function isWithheld(value: object): boolean {
  const secret: unknown = "secret" in value ? value.secret : null;
  return typeof secret === "object" && secret !== null && "hmac_sha256" in secret;
}
