/** Typed values of arguments, and the checks of docs/language.md, "Types": canonical or refused, never repaired. */
import type { Parameter, TypeNode, TypeSetting } from "../../dsl/ast.ts";

export type Value =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "email"; readonly text: string }
  | { readonly kind: "url"; readonly text: string }
  /** Scaled by 10^6. */
  | { readonly kind: "number"; readonly scaled: bigint }
  | { readonly kind: "bool"; readonly value: boolean }
  /** UTC milliseconds, or a length in milliseconds. */
  | { readonly kind: "time" | "duration"; readonly ms: number }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "record"; readonly fields: ReadonlyMap<string, Value> }
  /** Only ever compared as a whole: JSON with sorted keys. */
  | { readonly kind: "opaque"; readonly json: string };

export type Checked = { readonly value: Value } | { readonly faults: readonly string[] };

const MILLION = 1_000_000n;

/** `80.00`, `-3`: at most 12 digits before and 6 after the point, no `-0`. */
export function scaledNumber(text: string): bigint | null {
  const match = /^(-?)(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,6}))?$/.exec(text);
  if (match === null) return null;
  const size = BigInt(match[2] ?? "0") * MILLION + BigInt((match[3] ?? "").padEnd(6, "0"));
  if (match[1] === "-" && size === 0n) return null;
  return match[1] === "-" ? -size : size;
}

function durationMs(text: string): number | null {
  const match = /^([0-9]+)(s|m|h|d)$/.exec(text);
  const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match?.[2] ?? ""];
  return match === null || unit === undefined ? null : Number(match[1]) * unit;
}

/** RFC 3339; a day that its month doesn't have is refused, which `Date.parse` would carry over. */
function timestampMs(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const day = Date.parse(match?.[1] ?? "");
  const real = !Number.isNaN(day) && new Date(day).toISOString().startsWith(match?.[1] ?? " ");
  return real && !Number.isNaN(Date.parse(text)) ? Date.parse(text) : null;
}

export function canonicalHost(text: string): boolean {
  if (!URL.canParse(`https://${text}/`)) return false;
  return new URL(`https://${text}/`).hostname === text && !text.endsWith(".");
}

/** The property only makes IPv4 addresses. */
function canonicalAddress(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}

function canonicalUrl(text: string, schemes: readonly string[]): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const allowed = schemes.includes(url.protocol.slice(0, -1));
  const printed = url.href === text || url.href === `${text}/`;
  return allowed && printed && url.username === "" && url.password === "" && !text.includes("@");
}

function canonicalEmail(text: string): boolean {
  const at = text.indexOf("@");
  return /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+$/.test(text.slice(0, at)) && canonicalHost(text.slice(at + 1)) && at > 0;
}

/** One segment of a resource (docs/language.md, "Actions"). */
export function segmentAllowed(text: string): boolean {
  if (text === "" || text === "." || text === ".." || text.endsWith(".")) return false;
  return text === text.normalize("NFC") && !/[/\\%]|\p{Cc}|\p{Cf}|\p{Cs}/u.test(text);
}

function canonicalPath(text: string, settings: readonly TypeSetting[]): boolean {
  const absolute = has(settings, "absolute");
  if (absolute !== text.startsWith("/")) return false;
  if (has(settings, "lower") && text !== text.toLowerCase()) return false;
  return pathSegments(text).every(segmentAllowed);
}

export function pathSegments(text: string): readonly string[] {
  return (text.startsWith("/") ? text.slice(1) : text).split("/");
}

function has(settings: readonly TypeSetting[], name: string): boolean {
  return settings.some((setting) => setting.name.value === name);
}

function bound(settings: readonly TypeSetting[], name: "min" | "max"): bigint | null {
  const value = settings.find((setting) => setting.name.value === name)?.value;
  return value?.kind === "Number" ? scaledNumber(value.text) : null;
}

function within(size: bigint, settings: readonly TypeSetting[]): boolean {
  const min = bound(settings, "min");
  const max = bound(settings, "max");
  return (min === null || size >= min) && (max === null || size <= max);
}

/** `*` is any run, `?` one character. */
export function glob(text: string, pattern: string): boolean {
  if (pattern === "") return text === "";
  if (pattern.startsWith("*")) {
    return glob(text, pattern.slice(1)) || (text !== "" && glob(text.slice(1), pattern));
  }
  const head = String.fromCodePoint(pattern.codePointAt(0) ?? 0);
  const first = text === "" ? "" : String.fromCodePoint(text.codePointAt(0) ?? 0);
  if (first === "" || (head !== "?" && head !== first)) return false;
  return glob(text.slice(first.length), pattern.slice(head.length));
}

function numberOf(value: unknown, strings: boolean): bigint | null {
  if (typeof value === "string") return strings ? scaledNumber(value) : null;
  if (typeof value !== "number" || Object.is(value, -0)) return null;
  const text = String(value);
  return text.replace(/[-.]/g, "").replace(/^0+/, "").length > 15 ? null : scaledNumber(text);
}

function checkText(value: unknown, name: string, settings: readonly TypeSetting[]): Value | null {
  if (typeof value !== "string") return null;
  switch (name) {
    case "string": {
      const like = settings.find((setting) => setting.name.value === "like")?.value;
      const limited = has(settings, "max") || new TextEncoder().encode(value).length <= 32_768;
      const fits = limited && within(BigInt(Array.from(value).length) * MILLION, settings);
      return fits && (like?.kind !== "String" || glob(value, like.value)) ? { kind: "text", text: value } : null;
    }
    case "email":
      return canonicalEmail(value) ? { kind: "email", text: value } : null;
    case "host":
      return canonicalHost(value) ? { kind: "text", text: value } : null;
    case "ip":
      return canonicalAddress(value) ? { kind: "text", text: value } : null;
    case "path":
      return canonicalPath(value, settings) ? { kind: "text", text: value } : null;
    case "uuid":
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? { kind: "text", text: value } : null;
    case "url": {
      const listed = settings.map((setting) => setting.name.value);
      return canonicalUrl(value, listed.length === 0 ? ["https"] : listed) ? { kind: "url", text: value } : null;
    }
    case "timestamp": {
      const ms = timestampMs(value);
      return ms === null ? null : { kind: "time", ms };
    }
    case "duration": {
      const ms = durationMs(value);
      return ms === null ? null : { kind: "duration", ms };
    }
    default:
      throw new Error(`the reference knows no type ${name}`);
  }
}

function checkNamed(value: unknown, name: string, settings: readonly TypeSetting[]): Value | null {
  switch (name) {
    case "int": {
      const scaled = numberOf(value, false);
      return scaled !== null && scaled % MILLION === 0n && within(scaled, settings) ? { kind: "number", scaled } : null;
    }
    case "decimal": {
      const scaled = numberOf(value, true);
      return scaled !== null && within(scaled, settings) ? { kind: "number", scaled } : null;
    }
    case "bool":
      return typeof value === "boolean" ? { kind: "bool", value } : null;
    case "json":
      return { kind: "opaque", json: sortedJson(value) };
    default:
      return checkText(value, name, settings);
  }
}

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}:${sortedJson(field)}`);
  return `{${fields.toSorted((a, b) => (a < b ? -1 : 1)).join()}}`;
}

function checkValue(value: unknown, type: TypeNode, pointer: string): Checked {
  switch (type.kind) {
    case "NamedType": {
      const checked = checkNamed(value, type.name.value, type.settings);
      return checked === null ? { faults: [pointer] } : { value: checked };
    }
    case "EnumType": {
      const known = type.values.some((one) => one.value === value);
      return known && typeof value === "string" ? { value: { kind: "text", text: value } } : { faults: [pointer] };
    }
    case "ListType":
      return checkList(value, type, pointer);
    default:
      return checkFields(value, type.fields, false, pointer);
  }
}

function checkList(value: unknown, type: TypeNode & { readonly kind: "ListType" }, pointer: string): Checked {
  if (!Array.isArray(value)) return { faults: [pointer] };
  const size = BigInt(value.length) * MILLION;
  if (size < (bound(type.settings, "min") ?? MILLION)) return { faults: [pointer] };
  if (size > (bound(type.settings, "max") ?? 1000n * MILLION)) return { faults: [pointer] };
  const items = value.map((item, index) => checkValue(item, type.of, `${pointer}/${index}`));
  const faults = items.flatMap((item) => ("faults" in item ? item.faults : []));
  if (faults.length > 0) return { faults };
  return { value: { kind: "list", items: items.flatMap((item) => ("value" in item ? [item.value] : [])) } };
}

function own(record: object, name: string): unknown {
  return Object.hasOwn(record, name) ? Reflect.get(record, name) : null;
}

/** A record, or all arguments of an action. `null` is the same as leaving out what is declared. */
export function checkFields(value: unknown, fields: readonly Parameter[], open: boolean, pointer: string): Checked {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { faults: [pointer] };
  const faults: string[] = [];
  const found = new Map<string, Value>();
  for (const field of fields) {
    const at = `${pointer}/${escapePointer(field.name.value)}`;
    const given = own(value, field.name.value) ?? null;
    if (given === null) {
      if (!field.optional) faults.push(at);
      continue;
    }
    const checked = checkValue(given, field.type, at);
    if ("value" in checked) found.set(field.name.value, checked.value);
    else faults.push(...checked.faults);
  }
  const declared = fields.map((field) => field.name.value);
  const undeclared = Object.keys(value).filter((name) => !declared.includes(name));
  if (!open) faults.push(...undeclared.map((name) => `${pointer}/${escapePointer(name)}`));
  return faults.length > 0 ? { faults } : { value: { kind: "record", fields: found } };
}

function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
