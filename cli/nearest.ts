/** `did you mean …`, for names that a person typed. */
import { nearestName } from "../compiler/index.ts";

/** The name that was probably meant, else the list of names; null without any. */
export function nearest(typed: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const near = nearestName(typed, names);
  if (near !== null) return `did you mean \`${near}\`?`;
  const shown = names.slice(0, 12).map((name) => `\`${name}\``);
  return `there is ${shown.join(", ")}${names.length > shown.length ? ", …" : ""}`;
}
