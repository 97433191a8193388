/**
 * Texts that look like credentials. A heuristic, and linear: the text is cut into words once, and each pattern looks
 * at one word from its start.
 */

const WORDS = /[^A-Za-z0-9_\-.+/]+/;

const SHAPES: readonly RegExp[] = [
  /^(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}$/,
  /^gh[pousr]_[A-Za-z0-9]{30,}/,
  /^github_pat_[A-Za-z0-9_]{22,}/,
  /^glpat-[A-Za-z0-9_-]{20,}/,
  /^eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  /^xox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /^xapp-[A-Za-z0-9-]{10,}/,
  /^[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/,
  /^whsec_[A-Za-z0-9+/]{16,}/,
  /^sk-[A-Za-z0-9_-]{20,}/,
  /^AIza[A-Za-z0-9_-]{35}/,
  /^ya29\.[A-Za-z0-9_-]{20,}/,
  /^npm_[A-Za-z0-9]{36}/,
  /^pypi-[A-Za-z0-9_-]{32,}/,
  /^SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  /^hf_[A-Za-z0-9]{30,}/,
  /^dop_v1_[a-f0-9]{64}/,
];

const KEY_BLOCK = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/;
const TELLING = /(?:secret|token|passw|pwd|api_?-?key|private_?-?key|access_?-?key|credential|bearer)/i;

/** `name` is the key or argument that holds the text: a random value under `api_key` is one. */
export function holdsSecret(text: string, name: string): boolean {
  if (KEY_BLOCK.test(text)) return true;
  let telling = TELLING.test(name.slice(0, 64));
  for (const piece of text.split(WORDS)) {
    const word = withoutEdges(piece);
    if (word === "") continue;
    if (SHAPES.some((shape) => shape.test(word)) || holdsShapeInPath(word)) return true;
    if (telling && looksRandom(word)) return true;
    telling = word.length <= 64 && TELLING.test(word);
  }
  return false;
}

/** A credential at the end of a sentence, or behind a dash. */
function withoutEdges(piece: string): string {
  let start = 0;
  let end = piece.length;
  while (start < end && EDGES.includes(piece.charAt(start))) start++;
  while (end > start && EDGES.includes(piece.charAt(end - 1))) end--;
  return piece.slice(start, end);
}

const EDGES = "-.+/_";

/** `https://host/AKIA…`: the slash belongs to some credentials and separates others. */
function holdsShapeInPath(word: string): boolean {
  return word.includes("/") && word.split("/").some((part) => SHAPES.some((shape) => shape.test(part)));
}

/** At least 16 characters with letters and digits and more than 3 bits of entropy a character. */
function looksRandom(word: string): boolean {
  if (word.length < 16 || !/[0-9]/.test(word) || !/[A-Za-z]/.test(word)) return false;
  const counts = new Map<string, number>();
  const sample = word.slice(0, 256);
  for (const character of sample) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / sample.length) * Math.log2(count / sample.length);
  return bits > 3;
}
