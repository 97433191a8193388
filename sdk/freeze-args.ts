/**
 * A frozen copy of the arguments, taken before the edge is asked. Between the question and the call nothing, not even
 * the caller, can change what was allowed. Only plain JSON goes through: what JSON would silently alter (a Date, a
 * class, `NaN`, `-0`, a lone surrogate, a sparse array) is refused, since the edge would judge something else than
 * what the function gets.
 */

/** As deep as the edge reads (`docs/http-api.md`). */
const MAX_DEPTH = 32;

export type FrozenArgs = { readonly [name: string]: unknown };

/** Throws a TypeError that names the place. Members that are `undefined` are left out, as JSON does. */
export function freezeArgs(args: object): FrozenArgs {
  if (!isPlainObject(args)) throw new TypeError("arguments must be one plain object");
  return copyObject(args, "args", 1);
}

function copy(value: unknown, place: string, depth: number): unknown {
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed()) throw new TypeError(`${place} holds half a surrogate pair`);
      return value;
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value) || Object.is(value, -0)) {
        throw new TypeError(`${place} is ${Object.is(value, -0) ? "-0" : value}; JSON has no such number`);
      }
      return value;
    case "object":
      if (value === null) return null;
      if (depth > MAX_DEPTH) throw new TypeError(`${place} is nested deeper than ${MAX_DEPTH}`);
      if (Array.isArray(value)) return copyArray(value, place, depth);
      if (isPlainObject(value)) return copyObject(value, place, depth);
      throw new TypeError(`${place} isn't plain JSON; convert it first (a Date to a string, a Map to an object)`);
    default:
      throw new TypeError(`${place} is a ${typeof value}, which JSON can't say`);
  }
}

function copyArray(value: readonly unknown[], place: string, depth: number): readonly unknown[] {
  const out: unknown[] = [];
  for (let i = 0; i < value.length; i++) out.push(copy(value[i], `${place}[${i}]`, depth + 1));
  return Object.freeze(out);
}

function copyObject(value: object, place: string, depth: number): FrozenArgs {
  const out: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === "__proto__") throw new TypeError(`${place} has a member \`__proto__\``);
    if (!key.isWellFormed()) throw new TypeError(`${place} has a name with half a surrogate pair`);
    if (member !== undefined) out[key] = copy(member, `${place}.${key}`, depth + 1);
  }
  return Object.freeze(out);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
  return !("toJSON" in value && typeof value.toJSON === "function");
}
