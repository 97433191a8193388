/**
 * Arguments as they may leave the Worker: the value of a `secret` parameter, and a text in which a detector of the
 * policy finds something, is replaced by its kind, length and MAC before anything is stored, shown or logged. What
 * stands where a secret belongs is a secret, whatever its type. A MAC and no plain digest: whoever reads a record could
 * try out short secrets against one.
 */
import { createHmac } from "node:crypto";
import { detects, isList, isObject } from "../../engine/index.ts";
import type { Action, Detector, JsonObject, JsonValue, Param, ParamType } from "../../engine/index.ts";
import { canonicalJson } from "../digest.ts";
import type { Discretion } from "./discretion.ts";

interface Hiding extends Discretion {
  /** The deployment's `ARGS_MAC_KEY`. */
  readonly key: string;
}

/**
 * @param action undefined: the policy has none of this name
 * @returns the very same object where the policy hides nothing
 */
export function withoutSecrets(args: JsonObject, action: Action | undefined, hiding: Hiding): JsonObject {
  if (!hiding.secretive && hiding.detectors.length === 0) return args;
  const named = findingIn(Object.keys(args), hiding);
  if (named !== null) return macOf(args, named, hiding.key);
  if (action !== undefined) return replaceIn(args, action.params, action.open, hiding);
  // Nothing tells which of these is a secret under a misspelt name, and nobody has to read them: they are refused.
  return mapMembers(args, (value, name) =>
    hiding.secretive ? macOf(value, "undeclared", hiding.key) : found(value, name, hiding),
  );
}

/** A misspelt name may be a secret's; where undeclared ones are admitted, people have to see them. */
function replaceIn(args: JsonObject, params: readonly Param[], open: boolean, hiding: Hiding): JsonObject {
  const hidesUndeclared = !open && hiding.secretive;
  return mapMembers(args, (value, name) => {
    const param = params.find((candidate) => candidate.name === name);
    if (param === undefined)
      return hidesUndeclared ? macOf(value, "undeclared", hiding.key) : found(value, name, hiding);
    return param.secret ? macOf(value, "secret", hiding.key) : replaceWithin(value, param.type, name, hiding);
  });
}

function replaceWithin(value: JsonValue, type: ParamType, name: string, hiding: Hiding): JsonValue {
  if (!isSecretiveType(type)) return found(value, name, hiding);
  if (type.kind === "list" && isList(value)) return value.map((member) => replaceWithin(member, type.of, name, hiding));
  if (type.kind === "record" && isObject(value) && findingIn(Object.keys(value), hiding) === null)
    return replaceIn(value, type.fields, false, hiding);
  return macOf(value, "secret", hiding.key);
}

/** The value, every text in it that a detector finds something in replaced; objects with such a key as a whole. */
function found(value: JsonValue, name: string, hiding: Hiding): JsonValue {
  if (hiding.detectors.length === 0) return value;
  if (isList(value)) return value.map((member) => found(member, name, hiding));
  if (isObject(value) && findingIn(Object.keys(value), hiding) === null)
    return mapMembers(value, (member, key) => found(member, key, hiding));
  const detector = hiding.detectors.find(({ detect }) => detects(detect, value, name));
  return detector === undefined ? value : macOf(value, detector.kind, hiding.key);
}

/** What kind of thing a detector finds in one of the texts; null for nothing. */
function findingIn(texts: readonly string[], { detectors }: Hiding): Kind | null {
  return detectors.find(({ detect }) => texts.some((text) => detects(detect, text, "")))?.kind ?? null;
}

/** An agent's own words as they may be stored: whole, or only what kind of thing was in them and how long they were. */
export function wordsWithoutFindings(text: string, hiding: Pick<Discretion, "detectors">): string {
  const finding = hiding.detectors.find(({ detect }) => detects(detect, text, ""));
  return finding === undefined ? text : `withheld: ${text.length} characters, in which ${finding.kind} were found`;
}

export function isSecretive(param: Param): boolean {
  return param.secret || isSecretiveType(param.type);
}

function isSecretiveType(type: ParamType): boolean {
  if (type.kind === "list") return isSecretiveType(type.of);
  return type.kind === "record" && type.fields.some(isSecretive);
}

function mapMembers(object: JsonObject, change: (value: JsonValue, name: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

/** `undeclared`: what it is nobody knows, as its name isn't the policy's. */
type Kind = Detector | "secret" | "undeclared";

/** `null` is the same as leaving the argument out, so there is nothing to hide. */
function macOf<T extends JsonValue>(value: T, kind: Kind, key: string): T extends JsonObject ? JsonObject : JsonValue;
function macOf(value: JsonValue, kind: Kind, key: string): JsonValue {
  if (value === null) return null;
  const text = canonicalJson(value);
  const { length } = typeof value === "string" ? value : text;
  return { secret: { kind, length, hmac_sha256: hmacSha256(key, text) } };
}

/** 64 hex digits. */
export function hmacSha256(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}
