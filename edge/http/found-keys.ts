/** Counts are kept by values of arguments; one in which a detector of the policy finds something is counted by its MAC. */
import { detects } from "../../engine/index.ts";
import type { JsonValue, Remainder } from "../../engine/index.ts";
import type { Discretion } from "../permits/discretion.ts";
import { hmacSha256 } from "../permits/secrets.ts";

/** @param key the deployment's `ARGS_MAC_KEY`, so that the same value is the same count in every session */
export function withoutFoundKeys(remainder: Remainder, { detectors }: Discretion, key: string): Remainder {
  if (detectors.length === 0 || remainder.limits.length === 0) return remainder;
  const limits = remainder.limits.map((limit) => {
    const values = JSON.parse(limit.key) as JsonValue;
    const isFound = detectors.some(({ detect }) => detects(detect, values, ""));
    return isFound ? { ...limit, key: `hmac-sha256:${hmacSha256(key, limit.key)}` } : limit;
  });
  return { ...remainder, limits };
}
