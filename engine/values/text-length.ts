/** How long a text is: in characters (code points) for `min`, `max` and `.length`, in bytes for the default bound. */

export function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code <= 0xdbff) count--;
  }
  return count;
}

/** UTF-8 bytes that a text without a declared `max` may take. */
export const DEFAULT_BYTES = 32_768;

/** Does the text have more than `most` characters? Counts only where the number of UTF-16 units leaves it open. */
export function longerThan(text: string, most: number): boolean {
  return text.length > most && codePoints(text) > most;
}

/** Does the text take more than `most` bytes in UTF-8? */
export function heavierThan(text: string, most: number): boolean {
  if (text.length * 3 <= most) return false;
  if (text.length > most) return true;
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // A surrogate is half of a character of four bytes.
    if (code >= 0xd800 && code <= 0xdfff) bytes += 1;
    else if (code >= 0x800) bytes += 2;
    else if (code >= 0x80) bytes += 1;
  }
  return bytes > most;
}
