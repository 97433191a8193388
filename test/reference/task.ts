/** `task mentions x`: x stands in the task as a whole token (language.md, section 8). */

/** Characters that would make a longer name, address or number of the same text. */
const INSIDE = /[\p{L}\p{N}_]/u;

export function mentions(task: string, text: string): boolean {
  for (let at = task.indexOf(text); at >= 0; at = task.indexOf(text, at + 1)) {
    const before = task.slice(0, at).at(-1) ?? " ";
    const after = task.slice(at + text.length)[0] ?? " ";
    if (!INSIDE.test(before) && !INSIDE.test(after)) return true;
  }
  return false;
}
