/**
 * Segments of resources and paths are canonical or refused: whatever a store, a shell or a URL could read as another
 * segment than the one compared never gets as far as a rule.
 */

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;

/** Null where the text may fill one segment, else what is wrong. */
export function segmentProblem(text: string): string | null {
  const length = text.length;
  if (length === 0) return "must not be empty: it names a resource";
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code > 126) return wideProblem(text);
    if (code < 32 || code === SLASH || code === BACKSLASH || code === PERCENT) return asciiProblem(code);
  }
  return text.charCodeAt(length - 1) === DOT ? dotProblem(text) : null;
}

/** Null where every segment of the path may be taken, else what is wrong. `absolute` wants one leading slash. */
export function pathProblem(text: string, absolute: boolean, lower: boolean): string | null {
  if (absolute !== text.startsWith("/")) return absolute ? "must begin with `/`" : "must not begin with `/`";
  if (lower && text !== text.toLowerCase()) return "must be in lower case";
  for (const segment of (absolute ? text.slice(1) : text).split("/")) {
    const problem = segment === "" ? "must not hold an empty segment" : segmentProblem(segment);
    if (problem !== null) return problem;
  }
  return null;
}

function asciiProblem(code: number): string {
  if (code < 32) return "must not hold control characters";
  return `must not hold \`${String.fromCharCode(code)}\`: it names a resource`;
}

function wideProblem(text: string): string | null {
  if (INVISIBLE.test(text)) return "must not hold control, format or surrogate characters";
  if (text.normalize("NFC") !== text) return "must be in Unicode normal form NFC";
  for (const forbidden of ["/", "\\", "%"]) {
    if (text.includes(forbidden)) return `must not hold \`${forbidden}\`: it names a resource`;
  }
  return text.endsWith(".") ? dotProblem(text) : null;
}

function dotProblem(text: string): string {
  if (text === "." || text === "..") return `must not hold the segment \`${text}\`: name the resource itself`;
  return "must not end in a dot: it names a resource";
}

const PERCENT = 37;
const DOT = 46;
const SLASH = 47;
const BACKSLASH = 92;
