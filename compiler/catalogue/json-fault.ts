/** Where a text stops being JSON (RFC 8259): engines tell it in words of their own, or not at all. */

export interface JsonFault {
  /** Offset in UTF-16 units of the first character that doesn't fit. */
  readonly at: number;
  readonly problem: string;
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y; // oxlint-disable-line no-control-regex
const SCALAR = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

/** The first fault; null where the text is JSON. Keeps its own stack, so that no depth of nesting matters. */
export function findJsonFault(text: string): JsonFault | null {
  const open: ("[" | "{")[] = [];
  let at = skip(SPACE, text, 0);
  let expected: "value" | "first value" | "first key" | "key" | "next" = "value";
  for (;;) {
    const inside = open.at(-1);
    if (expected === "next") {
      if (inside === undefined) return at === text.length ? null : fault(text, at, "the end of the text");
      const close = inside === "[" ? "]" : "}";
      if (text[at] === close) open.pop();
      else if (text[at] === ",") expected = inside === "[" ? "value" : "key";
      else return fault(text, at, `\`,\` or \`${close}\``);
      at = skip(SPACE, text, at + 1);
    } else if (expected === "first key" && text[at] === "}") {
      open.pop();
      [at, expected] = [skip(SPACE, text, at + 1), "next"];
    } else if (expected === "first key" || expected === "key") {
      const end = skip(STRING, text, at);
      if (end === at) return fault(text, at, "a name in double quotes");
      at = skip(SPACE, text, end);
      if (text[at] !== ":") return fault(text, at, "`:`");
      [at, expected] = [skip(SPACE, text, at + 1), "value"];
    } else if (expected === "first value" && text[at] === "]") {
      open.pop();
      [at, expected] = [skip(SPACE, text, at + 1), "next"];
    } else if (text[at] === "[" || text[at] === "{") {
      open.push(text[at] === "[" ? "[" : "{");
      [at, expected] = [skip(SPACE, text, at + 1), text[at] === "[" ? "first value" : "first key"];
    } else {
      const end = skip(text[at] === '"' ? STRING : SCALAR, text, at);
      if (end === at) return fault(text, at, "a value");
      [at, expected] = [skip(SPACE, text, end), "next"];
    }
  }
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

function fault(text: string, at: number, expected: string): JsonFault {
  return { at, problem: `isn't JSON: ${at >= text.length ? "it ends where " : ""}${expected} is expected` };
}
