/** Variables come as text or, where the platform already parsed them, as values; undefined for what is neither. */
export function parseJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    // The callers say which part is malformed; the text itself may be a secret.
    return undefined;
  }
}
