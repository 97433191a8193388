/**
 * Counts are kept by values of arguments, by whoever counts for others too. One in which a detector of the policy finds
 * something, or that is long, is counted by its MAC: with long ones an agent could fill what all agents count by.
 */
import { detects } from "../../engine/index.ts";
import type { JsonValue, Remainder } from "../../engine/index.ts";
import type { Discretion } from "../permits/discretion.ts";
import { hmacSha256 } from "../permits/secrets.ts";

/** Characters. */
const LONG = 128;

/** @param key the deployment's `ARGS_MAC_KEY`, so that the same value is the same count in every session */
export function withKeptKeys(remainder: Remainder, discretion: Discretion, key: string): Remainder {
  if (remainder.limits.every((limit) => limit.key === NO_KEY)) return remainder;
  const limits = remainder.limits.map((limit) => {
    const isKept = limit.key.length <= LONG && !isFound(limit.key, discretion);
    return isKept ? limit : { ...limit, key: `hmac-sha256:${hmacSha256(key, limit.key)}` };
  });
  return { ...remainder, limits };
}

/** What a limit counts by that counts by no argument. */
const NO_KEY = "[]";

function isFound(key: string, { detectors }: Discretion): boolean {
  if (detectors.length === 0 || key === NO_KEY) return false;
  const values = JSON.parse(key) as JsonValue;
  return detectors.some(({ detect }) => detects(detect, values, ""));
}
