/** Runs a detector over every text inside a value. */
import type { Detector } from "../condition.ts";
import { InexactNumber, type JsonValue } from "../request.ts";
import { isList, isObject } from "../values/canonical-json.ts";
import { holdsCardNumber } from "./card-numbers.ts";
import { holdsSecret } from "./secrets.ts";

export type TextDetector = (text: string, name: string) => boolean;

/** Null for `canaries`: nothing here knows their hashes, so whether one is there stays unknown. */
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

/** Does any text, number or key inside the value set the detector off? `name` is what the value is called. */
export function detects(detector: TextDetector, value: JsonValue, name: string): boolean {
  if (typeof value === "string") return detector(value, name);
  if (typeof value === "number") return detector(String(value), name);
  if (value instanceof InexactNumber) return detector(value.text, name);
  if (isList(value)) return value.some((element) => detects(detector, element, name));
  if (!isObject(value)) return false;
  return Object.keys(value).some((key) => detector(key, name) || detects(detector, value[key] ?? null, key));
}
