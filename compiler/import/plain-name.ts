/** Names that the language takes without quotes. */

export function isPlainName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(text);
}

/** Any text as a plain name; null where nothing of it can stand in one. */
export function plainName(text: string): string | null {
  const name = text
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/^[_-]+|[_-]+$/g, "");
  if (name === "") return null;
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** A text as one segment of a resource template. */
export function resourceSegment(text: string): string {
  const segment = text
    .normalize("NFC")
    .replace(/[\\/%{}*?\p{Cc}\p{Cf}\p{Cs}\p{Co}]+/gu, "-")
    .replace(/\.+$/, "");
  return segment === "" ? "-" : segment;
}
