/** Which keywords of JSON Schema say something about the value, and which only about the schema. */
import type { JsonObject } from "./ast.ts";
import { note, type Place, type Reading } from "./reading.ts";

/** They change nothing about which values fit (JSON Schema 2020-12, OpenAPI 3.0 and 3.1). */
const REMARKS: ReadonlySet<string> = new Set(
  (
    "title description default examples example deprecated readOnly writeOnly " +
    "$comment $schema $id $anchor $dynamicAnchor $vocabulary $defs definitions components id " +
    "externalDocs xml discriminator markdownDescription enumDescriptions enumNames errorMessage " +
    "contentMediaType contentEncoding contentSchema"
  ).split(" "),
);

/** Notes every keyword that neither the type has taken in nor is a remark. */
export function noteLeft(schema: JsonObject, taken: readonly string[], reading: Reading, place: Place): void {
  for (const keyword of Object.keys(schema)) {
    if (REMARKS.has(keyword) || taken.includes(keyword) || keyword.startsWith("x-")) continue;
    note(reading, place, `\`${keyword}\` ${brief(schema[keyword])} isn't checked`);
  }
}

/** Whether the schema says anything about the value. */
export function isSilent(schema: JsonObject): boolean {
  return Object.keys(schema).every((keyword) => REMARKS.has(keyword) || keyword.startsWith("x-"));
}

/** A value in at most 60 characters. */
export function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > 60 ? `${text.slice(0, 59).toWellFormed()}…` : text;
}
