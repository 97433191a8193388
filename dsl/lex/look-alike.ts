/** Letters of other alphabets that look like ASCII ones (after Unicode TR 39), so that a message can name the right one. */
const pairs =
  "аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwьbАAВBЕEЅSІIЈJКKМMНHОOРPСCТTХXҮY" +
  "αaοoρpνvιiκkυuτtχxΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX" +
  "ıiɑaɡgʟlⅼlⅰiⅽcⅾdⅿmｰ-";

const lookAlikes = new Map<string, string>();
for (let index = 0; index < pairs.length; index += 2) lookAlikes.set(pairs.charAt(index), pairs.charAt(index + 1));

const invisible = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

/**
 * The name that a word seems to be: look-alike and full-width letters replaced, invisible characters dropped. Null
 * where no such name comes out, as for `größe`.
 */
export function seemingName(image: string): string | null {
  const plain = Array.from(image.replace(invisible, ""), (letter) => lookAlikes.get(letter) ?? narrow(letter)).join("");
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(plain) ? plain : null;
}

/** Full-width forms (U+FF01 to U+FF5E) are ASCII at a distance. */
function narrow(letter: string): string {
  const code = letter.charCodeAt(0);
  return code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : letter;
}

/** `U+0430` for the first character of the word that isn't ASCII, with its offset in it. */
export function firstForeign(image: string): {
  readonly offset: number;
  readonly character: string;
  readonly code: string;
} {
  const offset = image.search(/[^ -~]/);
  const character = String.fromCodePoint(image.codePointAt(offset) ?? 0xfffd);
  return { offset, character, code: codePointName(character) };
}

/** `U+202E`. */
export function codePointName(character: string): string {
  const code = character.codePointAt(0) ?? 0xfffd;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
