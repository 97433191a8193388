/**
 * Globs: `*` is any run, `?` one character (a whole code point); everything else stands for itself. Matching takes
 * the leftmost place for each piece between stars, so it never goes back: time is linear in the text for each piece.
 */

export type TextTest = (text: string) => boolean;

/** A test for one glob; the common shapes become one native call. */
export function globTest(glob: string): TextTest {
  const pieces = glob.split("*");
  const first = pieces[0] ?? "";
  const last = pieces[pieces.length - 1] ?? "";
  if (glob.includes("?")) return (text) => matchPieces(pieces, text);
  if (pieces.length === 1) return (text) => text === glob;
  if (pieces.length === 2) {
    if (last === "") return (text) => text.startsWith(first);
    if (first === "") return (text) => text.endsWith(last);
    return (text) => text.length >= first.length + last.length && text.startsWith(first) && text.endsWith(last);
  }
  return (text) => matchPieces(pieces, text);
}

/** The text that a glob such as `prod-*` wants at the beginning and nothing else; null for any other. */
export function prefixOf(glob: string): string | null {
  return /^[^*?]*\*$/.test(glob) ? glob.slice(0, -1) : null;
}

function matchPieces(pieces: readonly string[], text: string): boolean {
  let at = pieceAt(pieces[0] ?? "", text, 0);
  if (at < 0) return false;
  if (pieces.length === 1) return at === text.length;
  for (let index = 1; index < pieces.length - 1; index++) {
    at = findPiece(pieces[index] ?? "", text, at);
    if (at < 0) return false;
  }
  return endsWithPiece(pieces[pieces.length - 1] ?? "", text, at);
}

/** Where the piece ends when it stands at `from`; -1 where it doesn't. */
function pieceAt(piece: string, text: string, from: number): number {
  let at = from;
  for (let index = 0; index < piece.length; index++) {
    if (at >= text.length) return -1;
    if (piece[index] === "?") at += codePointLength(text, at);
    else if (piece.charCodeAt(index) === text.charCodeAt(at)) at++;
    else return -1;
  }
  return at;
}

function findPiece(piece: string, text: string, from: number): number {
  for (let start = from; start <= text.length; start += codePointLength(text, start)) {
    const end = pieceAt(piece, text, start);
    if (end >= 0) return end;
  }
  return -1;
}

function endsWithPiece(piece: string, text: string, from: number): boolean {
  let at = text.length;
  for (let index = piece.length - 1; index >= 0; index--) {
    if (at <= from) return false;
    if (piece[index] !== "?") {
      at--;
      if (piece.charCodeAt(index) !== text.charCodeAt(at)) return false;
    } else at -= at - from >= 2 && codePointLength(text, at - 2) === 2 ? 2 : 1;
  }
  return at >= from;
}

function codePointLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
