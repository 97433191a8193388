/**
 * What must hold of a JSON text before a parser may touch it: bounded depth, no key twice in one object.
 * The scan knows strings and brackets only; whatever else is wrong is left to the parser.
 */

export type ScanFault =
  | { readonly kind: "too_deep"; readonly limit: number }
  | { readonly kind: "duplicate_key"; readonly key: string };

/** The keys seen in an open object, or null for an array. */
type Container = Set<string> | null;

/**
 * The first fault, or null.
 * @param limit How many arrays and objects may stand inside each other, the outermost counted.
 */
export function scanJson(text: string, limit: number): ScanFault | null {
  const open: Container[] = [];
  let previous = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') {
      const end = endOfString(text, at);
      // In a JSON object a string is a key exactly after `{` or `,`.
      const keys = previous === "{" || previous === "," ? (open.at(-1) ?? null) : null;
      const repeated = keys === null ? null : addKey(keys, text.slice(at, end + 1));
      if (repeated !== null) return { kind: "duplicate_key", key: repeated };
      at = end;
    } else if (char === "{" || char === "[") {
      if (open.length === limit) return { kind: "too_deep", limit };
      open.push(char === "{" ? new Set() : null);
    } else if (char === "}" || char === "]") open.pop();
    if (!isBlank(char)) previous = char;
  }
  return null;
}

/** Index of the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** Two spellings of one key (`a`, `\u0061`) are one key, so it is compared decoded. Returns it when it was there. */
function addKey(keys: Set<string>, literal: string): string | null {
  const key = decoded(literal);
  if (key === null) return null;
  if (keys.has(key)) return key;
  keys.add(key);
  return null;
}

function decoded(literal: string): string | null {
  try {
    return String(JSON.parse(literal));
  } catch {
    // Not a JSON string: the parser that comes next refuses the text and says where.
    return null;
  }
}

function isBlank(char: string): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}
