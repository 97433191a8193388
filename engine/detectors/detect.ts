/** Runs a detector over every text inside a value. */
import type { Detector } from "../condition.ts";
import { InexactNumber, type JsonValue } from "../request.ts";
import { isList, isObject } from "../values/canonical-json.ts";
import { holdsCanary } from "./canaries.ts";
import { holdsCardNumber } from "./card-numbers.ts";
import { holdsSecret } from "./secrets.ts";

export type TextDetector = (text: string, name: string) => boolean;

/** Null for `canaries`, which are found by hashes that the policy holds (`canaryDetector`). */
export function detectorOf(detector: Detector): TextDetector | null {
  switch (detector) {
    case "secrets":
      return holdsSecret;
    case "card_numbers":
      return holdsCardNumber;
    case "canaries":
      return null;
  }
}

/** Null where the request can't hash: whether one is there then stays unknown. */
export function canaryDetector(
  hashes: ReadonlySet<string>,
  sha256: ((text: string) => string) | undefined,
): TextDetector | null {
  return sha256 === undefined ? null : (text) => holdsCanary(text, hashes, sha256);
}

/** Does any text, number or key inside the value set the detector off? `name` is what the value is called. */
export function detects(detector: TextDetector, value: JsonValue, name: string): boolean {
  if (typeof value === "string") return detector(value, name);
  if (typeof value === "number") return detector(String(value), name);
  if (value instanceof InexactNumber) return detector(value.text, name);
  if (isList(value)) return value.some((element) => detects(detector, element, name));
  if (!isObject(value)) return false;
  return Object.keys(value).some((key) => detector(key, name) || detects(detector, value[key] ?? null, key));
}
