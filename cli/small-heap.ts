/**
 * Keeps the process small: left to itself V8 lets the old generation grow to several times what lives in it before it
 * looks for garbage. With the bound on the young one in `bin.js` a policy of a megabyte is checked within 200 MB of heap.
 */
import { setFlagsFromString } from "node:v8";

/** Characters of policies, beyond which what lives is so much that half of it again is the most to add. */
const large = 400_000;

/** Before the sources are compiled. Costs a small policy time for nothing, so it asks how long they are. */
export function keepOldSmall(sources: readonly { readonly text: string }[]): void {
  const length = sources.reduce((sum, { text }) => sum + text.length, 0);
  if (length > large) setFlagsFromString("--heap-growing-percent=50");
}
