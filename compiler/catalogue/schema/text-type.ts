/** Strings: by `format` the language's own text types, which are canonical or refused, else `string`. */
import type { JsonObject, Setting, TypeNode } from "./ast.ts";
import { namedType } from "./ast.ts";
import { countBounds } from "./bounds.ts";
import { noteLeft } from "./keywords.ts";
import { note, type Place, type Reading } from "./reading.ts";

const HTTP: readonly Setting[] = [["http"], ["https"]];

const FORMATS: ReadonlyMap<string, readonly [type: string, settings: readonly Setting[]]> = new Map([
  ["email", ["email", []]],
  ["uri", ["url", HTTP]],
  ["url", ["url", HTTP]],
  ["uuid", ["uuid", []]],
  ["guid", ["uuid", []]],
  ["date-time", ["timestamp", []]],
  ["hostname", ["host", []]],
  ["ipv4", ["ip", []]],
  ["ipv6", ["ip", []]],
  ["date", ["string", [["like", { text: "????-??-??" }]]]],
]);

const KEYWORDS = ["type", "minLength", "maxLength", "format"];

/** Null where no text fits the bounds. */
export function textType(schema: JsonObject, reading: Reading, place: Place): TypeNode | null {
  const format = schema["format"];
  const known = typeof format === "string" ? FORMATS.get(format) : undefined;
  if (known !== undefined) {
    // Their own rules are narrower than any length that is usual for them.
    noteLeft(schema, ["type", "format"], reading, place);
    return namedType(known[0], known[1], reading.span);
  }
  noteLeft(schema, KEYWORDS, reading, place);
  if (format !== undefined && format !== "password")
    note(reading, place, `format ${JSON.stringify(format)} isn't checked`);
  const counts = countBounds(schema, ["minLength", "maxLength"]);
  if (counts === null) return null;
  const [min, max] = counts;
  const settings: Setting[] = [
    ...(min === 0 ? [] : [["min", { number: String(min) }] as const]),
    ...(max === null ? [] : [["max", { number: String(max) }] as const]),
  ];
  return namedType("string", settings, reading.span);
}
