/** What to say of a name that a person typed and that isn't there. */
import { nearestName } from "./nearest-name.ts";
import { printable } from "./terminal/printable.ts";

const MOST = 12;

/** The one name of which a person typed the end or the beginning: `refund` for `payments.refund`. */
function shortened(typed: string, names: readonly string[]): string | null {
  const wanted = typed.toLowerCase();
  const found = names.filter((name) => {
    const words = name.toLowerCase().split(/[._-]/);
    return words.at(-1) === wanted || words[0] === wanted;
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** `did you mean …?`, else the first names and how many more there are; null without any. */
export function didYouMean(typed: string, names: readonly string[], most = MOST): string | null {
  if (names.length === 0) return null;
  const near = nearestName(typed, names) ?? shortened(typed, names);
  if (near !== null) return `did you mean \`${printable(near)}\`?`;
  const shown = names.slice(0, most).map((name) => `\`${printable(name)}\``);
  const more = names.length - shown.length;
  return `there is ${shown.join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
