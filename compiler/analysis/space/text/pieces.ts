/** Patterns over texts as a row of pieces: characters, any character, any run. What `like`, `contains` and `on` become. */

/** `within` pieces stay inside one segment: they don't take `/`. */
export type Piece =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "one"; readonly within: boolean }
  | { readonly kind: "run"; readonly within: boolean };

export type Pieces = readonly Piece[];

const RUN: Piece = { kind: "run", within: false };

export function exactly(text: string): Pieces {
  return Array.from(text, (char): Piece => ({ kind: "char", char }));
}

/** `*` any run, `?` one character; in a segment of a pattern neither takes `/`. */
export function globPieces(glob: string, within = false): Pieces {
  return Array.from(glob, (char): Piece => {
    if (char === "*") return { kind: "run", within };
    return char === "?" ? { kind: "one", within } : { kind: "char", char };
  });
}

export function containing(text: string): Pieces {
  return [RUN, ...exactly(text), RUN];
}

export function beginning(text: string): Pieces {
  return [...exactly(text), RUN];
}

export function ending(text: string): Pieces {
  return [RUN, ...exactly(text)];
}

/** Only one text at most is matched, so that its length can't be chosen. */
export function isFixed(pieces: Pieces): boolean {
  return pieces.every((piece) => piece.kind === "char");
}

/** Every text that is matched has one length. */
export function hasLength(pieces: Pieces): boolean {
  return pieces.every((piece) => piece.kind !== "run");
}
