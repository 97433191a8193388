/** Reads a List of Items with parameters as strictly as RFC 9651 wants it, for the types that a test meets. */

export type BareItem = string | number | boolean | Uint8Array;

export interface Item {
  readonly value: BareItem;
  readonly parameters: ReadonlyMap<string, BareItem>;
}

/** @throws Error where RFC 9651, section 4.2, fails parsing */
export function parseList(field: string): readonly Item[] {
  const at = { rest: field.replace(/^ +/, "").replace(/ +$/, "") };
  const items: Item[] = [];
  while (at.rest !== "") {
    items.push(readItem(at));
    at.rest = at.rest.replace(/^[ \t]+/, "");
    if (at.rest === "") return items;
    if (!at.rest.startsWith(",")) throw new Error(`no comma before ${at.rest}`);
    at.rest = at.rest.slice(1).replace(/^[ \t]+/, "");
    if (at.rest === "") throw new Error("a comma at the end");
  }
  return items;
}

interface Cursor {
  rest: string;
}

function readItem(at: Cursor): Item {
  const value = readBareItem(at);
  const parameters = new Map<string, BareItem>();
  while (at.rest.startsWith(";")) {
    at.rest = at.rest.slice(1).replace(/^ +/, "");
    const key = take(at, /^[a-z*][a-z0-9_\-.*]*/, "a key");
    let parameter: BareItem = true;
    if (at.rest.startsWith("=")) {
      at.rest = at.rest.slice(1);
      parameter = readBareItem(at);
    }
    if (parameters.has(key)) throw new Error(`the parameter ${key} twice: the last would win`);
    parameters.set(key, parameter);
  }
  return { value, parameters };
}

function readBareItem(at: Cursor): BareItem {
  if (/^[-0-9]/.test(at.rest)) {
    const text = take(at, /^-?[0-9]+(?:\.[0-9]+)?/, "a number");
    const [whole = "", fraction] = text.replace("-", "").split(".");
    const tooLong = fraction === undefined ? whole.length > 15 : whole.length > 12 || fraction.length > 3;
    if (tooLong) throw new Error(`${text} is too long`);
    return Number(text);
  }
  if (at.rest.startsWith('"'))
    return take(at, /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/, "a string")
      .slice(1, -1)
      .replaceAll(/\\(.)/g, "$1");
  if (at.rest.startsWith(":"))
    return Buffer.from(take(at, /^:[A-Za-z0-9+/=]*:/, "a byte sequence").slice(1, -1), "base64");
  if (at.rest.startsWith("?")) return take(at, /^\?[01]/, "a boolean") === "?1";
  return take(at, /^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/, "a token");
}

function take(at: Cursor, shape: RegExp, what: string): string {
  const found = shape.exec(at.rest)?.[0];
  if (found === undefined) throw new Error(`no ${what}: ${at.rest}`);
  at.rest = at.rest.slice(found.length);
  return found;
}
