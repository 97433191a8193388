/** Members of typed values: `email.domain`, `url.host`, `string.length`, `list.size`, and fields of records. */
import type { ParamType } from "../param-type.ts";
import type { JsonValue } from "../request.ts";
import { isObject } from "../values/canonical-json.ts";
import { domainOf, localOf } from "../values/email.ts";
import { linksOf } from "../values/links.ts";
import { codePoints } from "../values/text-length.ts";
import { pathOf, portOf, schemeOf, urlHostOf } from "../values/url.ts";
import { memberOf, memberValue } from "../arguments/check-record.ts";
import type { Reader } from "./operand.ts";

interface MemberRead {
  readonly type: ParamType;
  readonly of: (value: JsonValue) => JsonValue | undefined;
}

/** Throws where the type has no such member: the compiler doesn't write that. */
export function memberReader(owner: Reader, name: string): Reader {
  const member = owner.type === null ? undefined : memberOfType(owner.type, name);
  if (member === undefined) throw new Error(`a rule reads \`${owner.fact}.${name}\`, which isn't there`);
  const { read } = owner;
  const fact = `${owner.fact}.${name}`;
  return {
    read: (frame) => {
      const value = read(frame);
      return value === undefined ? undefined : member.of(value);
    },
    at: null,
    type: member.type,
    fact,
    missing: (frame) => (read(frame) === undefined ? owner.missing(frame) : fact),
    constant: undefined,
  };
}

function memberOfType(type: ParamType, name: string): MemberRead | undefined {
  if (type.kind === "record") return fieldRead(type, name);
  if (type.kind === "list") return name === "size" ? SIZE : undefined;
  if (type.kind !== "email" && type.kind !== "url" && type.kind !== "string") return undefined;
  const members = MEMBERS[type.kind];
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function fieldRead(type: Extract<ParamType, { kind: "record" }>, name: string): MemberRead | undefined {
  const field = type.fields.find((candidate) => candidate.name === name);
  if (field === undefined) return undefined;
  const member = memberOf(field);
  return { type: field.type, of: (value) => (isObject(value) ? memberValue(value, member) : undefined) };
}

const TEXT: ParamType = { kind: "string", min: null, max: null, like: null };
const COUNT: ParamType = { kind: "int", min: 0, max: null };
const LINK: ParamType = { kind: "url", schemes: [] };

const SIZE: MemberRead = { type: COUNT, of: (value) => (value as readonly JsonValue[]).length };

const MEMBERS: { readonly [kind in "email" | "url" | "string"]: { readonly [name: string]: MemberRead } } = {
  email: {
    local: { type: TEXT, of: (value) => localOf(value as string) },
    domain: { type: { kind: "host" }, of: (value) => domainOf(value as string) },
  },
  url: {
    scheme: { type: TEXT, of: (value) => schemeOf(value as string) },
    host: { type: { kind: "host" }, of: (value) => urlHostOf(value as string) },
    port: { type: COUNT, of: (value) => portOf(value as string) },
    path: { type: TEXT, of: (value) => pathOf(value as string) },
  },
  string: {
    length: { type: COUNT, of: (value) => codePoints(value as string) },
    lower: { type: TEXT, of: (value) => (value as string).toLowerCase() },
    links: {
      type: { kind: "list", of: LINK, min: 0, max: Number.MAX_SAFE_INTEGER },
      of: (value) => linksOf(value as string),
    },
  },
};
