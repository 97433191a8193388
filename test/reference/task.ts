/** `task mentions x`: x stands in the task as a whole token (docs/language.md, "Conditions"). */

/** Cut at blanks and quotes, a sentence's end taken off. The property's tasks hold nothing finer. */
function tokens(task: string): readonly string[] {
  return task.split(/[\s"'()]+/).map((token) => token.replace(/[.,:;!?]+$/, ""));
}

/** People write a bare host without the slash that a URL is printed with, and a web address without its scheme. */
export function mentions(task: string, text: string, url: boolean): boolean {
  const printed = url ? new URL(text).href : text;
  const written = printed.replace(/^([a-z]+:\/\/[^/]+)\/$/, "$1");
  const bare = /^https?:\/\/[^/]+\.[^/]/.test(written) ? [written.replace(/^https?:\/\//, "")] : [];
  return [printed, written, ...bare].some((form) => tokens(task).includes(form));
}
