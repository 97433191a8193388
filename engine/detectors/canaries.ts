/**
 * Canaries: markers of the form `apc_` and 26 base32 characters, planted in data. Of each only its hash is known, so
 * everything of that form is looked for and hashed: as it stands, or under one layer of base64 or percent encoding.
 * Capitals count as small letters, since whoever copies a marker may change them. Time is linear in the text,
 * whatever it holds.
 */

const HEAD = "apc_";
const LENGTH = HEAD.length + 26;
const TAIL = /^[a-z2-7]{26}$/;

/** Is one of the canaries in the text? `hashes` are in hex. */
export function holdsCanary(text: string, hashes: ReadonlySet<string>, sha256: (text: string) => string): boolean {
  if (text.length < LENGTH) return false;
  const isOne = (canary: string): boolean => hashes.has(sha256(canary));
  return (
    plainMarkers(text).some(isOne) ||
    (text.includes("%") && plainMarkers(withoutPercents(text)).some(isOne)) ||
    encodedMarkers(text).some(isOne)
  );
}

/** Whatever has the form of one, in small letters. A marker may begin within the letters of another. */
function plainMarkers(written: string): readonly string[] {
  const text = written.toLowerCase();
  const found: string[] = [];
  for (let at = text.indexOf(HEAD); at >= 0; at = text.indexOf(HEAD, at + 1)) {
    if (isMarkerAt(text, at)) found.push(text.slice(at, at + LENGTH));
  }
  return found;
}

function isMarkerAt(text: string, at: number): boolean {
  return TAIL.test(text.slice(at + HEAD.length, at + LENGTH));
}

/** Bytes beyond ASCII come out wrong, which no marker holds. */
function withoutPercents(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/**
 * How `apc_` looks in base64, each letter small or capital, by where it stands among three bytes: the characters that
 * no neighbour shares, how far the four-character group that they begin in starts before them, and how many bytes of
 * that group come before `apc_`.
 */
const IN_BASE64 = [
  { needle: /[YQ][XV]B[jD]/g, back: 0, before: 0 },
  { needle: /F[wQ][YQ]1/g, back: 2, before: 1 },
  { needle: /[hB][cU][GE]N/g, back: 3, before: 2 },
] as const;

/** Groups of four that hold a marker and up to two bytes before it. */
const ENCODED = 44;

/** Lines of encoded text are broken anywhere, so that blanks don't count. */
function encodedMarkers(text: string): readonly string[] {
  const dense = /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  const found: string[] = [];
  for (const { needle, back, before } of IN_BASE64) {
    for (const at of placesOf(needle, dense)) {
      if (at < back) continue;
      const bytes = decoded(dense.slice(at - back, at - back + ENCODED));
      const marker = bytes.slice(before, before + LENGTH).toLowerCase();
      if (marker.startsWith(HEAD) && isMarkerAt(marker, 0)) found.push(marker);
    }
  }
  return found;
}

/** Wherever it begins, also within another. */
function placesOf(needle: RegExp, text: string): readonly number[] {
  const places: number[] = [];
  needle.lastIndex = 0;
  for (let found = needle.exec(text); found !== null; found = needle.exec(text)) {
    places.push(found.index);
    needle.lastIndex = found.index + 1;
  }
  return places;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES: ReadonlyMap<string, number> = new Map([
  ...Array.from(ALPHABET, (character, value): [string, number] => [character, value]),
  ["-", 62],
  ["_", 63],
]);

/** Base64 of either alphabet as bytes, one character each, as far as it goes. */
function decoded(text: string): string {
  let bytes = "";
  let bits = 0;
  let held = 0;
  for (const character of text) {
    const value = VALUES.get(character);
    if (value === undefined) break;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += String.fromCharCode((held >> bits) & 0xff);
  }
  return bytes;
}
