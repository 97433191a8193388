/** Regular expressions where a glob stands. */

/** Whether a glob holds what only means something in a regular expression: there it stands for itself. */
export function looksLikeRegex(glob: string): boolean {
  return /^\^|\$$|\[(?:\^|\w-\w)|\\[dws]|\.\+/.test(glob);
}

/** The glob for a simple regular expression: `^o-[0-9]+$` is `o-*`; null where none says as much. */
export function globOf(regex: string): string | null {
  const [start, end] = [regex.startsWith("^") ? "" : "*", regex.endsWith("$") ? "" : "*"];
  const body = regex
    .replace(/^\^|\$$/g, "")
    .replace(/(?:\[[^\]]*\]|\\[dw]|(?<!\\)\.)(?:[*+?]|\{[\d,]*\})?/g, "*")
    .replace(/\\(.)/g, "$1");
  const glob = `${start}${body}${end}`.replace(/\*+/g, "*");
  return /[()[\]|+?^$\\"]/.test(glob) ? null : glob;
}
