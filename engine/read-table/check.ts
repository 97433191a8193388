/**
 * Checks of untrusted JSON that say exactly what is wrong where. A check gives null, or the problem seen from the
 * value: `: must be a list`, `.params[0].name: is missing`. Whoever holds the value puts the way to it in front, so a
 * table without problems costs no path at all.
 */

export type JsonCheck = (value: unknown) => string | null;

type Shape = { readonly [key: string]: JsonCheck };

export const text: JsonCheck = (value) =>
  typeof value === "string" && value.isWellFormed() ? null : ": must be a well-formed string";

export const bool: JsonCheck = (value) => (typeof value === "boolean" ? null : ": must be true or false");

/** Milliseconds, minutes, counts: never negative zero, never beyond what a double counts exactly. */
export const integer: JsonCheck = (value) =>
  Number.isSafeInteger(value) && !Object.is(value, -0) ? null : ": must be a whole number";

export const natural: JsonCheck = (value) =>
  integer(value) === null && (value as number) >= 0 ? null : ": must be a whole number, 0 or more";

export const positive: JsonCheck = (value) =>
  integer(value) === null && (value as number) > 0 ? null : ": must be a whole number above 0";

export function matching(pattern: RegExp, what: string): JsonCheck {
  return (value) => (typeof value === "string" && pattern.test(value) ? null : `: must be ${what}`);
}

export function oneOf(...values: readonly unknown[]): JsonCheck {
  const detail = `: must be ${values.map((value) => JSON.stringify(value)).join(" or ")}`;
  return (value) => (values.includes(value) ? null : detail);
}

export function orNull(check: JsonCheck): JsonCheck {
  return (value) => (value === null ? null : check(value));
}

export function listOf(check: JsonCheck, least = 0): JsonCheck {
  return (value) => {
    if (!Array.isArray(value)) return ": must be a list";
    if (value.length < least) return `: must hold at least ${least}`;
    for (let at = 0; at < value.length; at++) {
      const problem = check(value[at]);
      if (problem !== null) return `[${at}]${problem}`;
    }
    return null;
  };
}

export function tupleOf(...checks: readonly JsonCheck[]): JsonCheck {
  return (value) => {
    if (!Array.isArray(value) || value.length !== checks.length) return `: must be a list of ${checks.length}`;
    for (let at = 0; at < checks.length; at++) {
      const problem = (checks[at] as JsonCheck)(value[at]);
      if (problem !== null) return `[${at}]${problem}`;
    }
    return null;
  };
}

/** Exactly these keys: a missing one is a problem, and so is one that nobody here knows. */
export function objectOf(shape: Shape): JsonCheck {
  const keys = Object.keys(shape);
  const checks = keys.map((key) => shape[key] as JsonCheck);
  return (value) => {
    if (!isPlainObject(value)) return ": must be an object";
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] as string;
      if (!Object.hasOwn(value, key)) return `.${key}: is missing`;
      const problem = (checks[at] as JsonCheck)(value[key]);
      if (problem !== null) return `.${key}${problem}`;
    }
    return Object.keys(value).length === keys.length ? null : strange(value, shape);
  };
}

/** Objects told apart by one key: `kind`, `op`, `from`. */
export function variantsOf(tag: string, variants: { readonly [name: string]: Shape }): JsonCheck {
  const names = Object.keys(variants);
  const checks = new Map<unknown, JsonCheck>(
    names.map((name) => [name, objectOf({ ...variants[name], [tag]: oneOf(name) })]),
  );
  return (value) => {
    if (!isPlainObject(value)) return ": must be an object";
    const check = Object.hasOwn(value, tag) ? checks.get(value[tag]) : undefined;
    return check === undefined ? `.${tag}: must be one of ${names.join(", ")}` : check(value);
  };
}

/** For types that hold themselves: the check is looked up when it is used. */
export function later(check: () => JsonCheck): JsonCheck {
  return (value) => check()(value);
}

export function both(first: JsonCheck, second: JsonCheck): JsonCheck {
  return (value) => first(value) ?? second(value);
}

function strange(value: object, shape: Shape): string {
  const key = Object.keys(value).find((name) => !Object.hasOwn(shape, name));
  return `.${key}: isn't part of a table of this format`;
}

function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
