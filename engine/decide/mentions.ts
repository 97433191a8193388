/** `task mentions x`: the text stands in the task as a whole token, not as a part of a longer name. */

const INSIDE = /[\p{L}\p{N}\p{M}\p{Cf}_@.+\-/\\:%=&#~?$!*|^]/u;
const LETTER = /[\p{L}\p{N}]/u;
/** Behind a letter they are an apostrophe, and may stand in an address: `o'brien@acme.example`. */
const APOSTROPHE = /['`’]/;
const SENTENCE_END = /[.,:;!?]/;
const WEB_ADDRESS = /^https?:\/\/([^/@]*[^/@.]\.[^/@.][^@]*)$/;

/**
 * Is the token there, with nothing beside it that could make it part of another name? A dot, comma or the like may
 * follow where the sentence goes on after a space or ends, so that `bo@acme.example.` mentions `bo@acme.example`.
 */
export function mentions(task: string, token: string): boolean {
  if (token === "") return false;
  if (mentionsExactly(task, token)) return true;
  // People write a bare host without the slash that a parser prints.
  const written = /^[a-z]+:\/\/[^/]+\/$/.test(token) ? token.slice(0, -1) : token;
  if (written !== token && mentionsExactly(task, written)) return true;
  // They leave out the scheme of a web address as well. A name without a dot would be any word.
  const bare = WEB_ADDRESS.exec(written)?.[1];
  return bare !== undefined && mentionsExactly(task, bare);
}

function mentionsExactly(task: string, token: string): boolean {
  for (let at = task.indexOf(token); at >= 0; at = task.indexOf(token, at + 1)) {
    if (opensAt(task, at) && closesAt(task, at + token.length)) return true;
  }
  return false;
}

function opensAt(task: string, at: number): boolean {
  if (at === 0) return true;
  const before = codePointBefore(task, at);
  if (APOSTROPHE.test(before)) return at === 1 || !LETTER.test(codePointBefore(task, at - 1));
  return !INSIDE.test(before);
}

function closesAt(task: string, at: number): boolean {
  let end = at;
  while (end < task.length && SENTENCE_END.test(task[end] ?? "")) end++;
  if (end === task.length) return true;
  if (end > at) return /\s/.test(task[end] ?? "");
  // Without a space an address goes on with a parenthesis.
  return task[at] !== "(" && !INSIDE.test(String.fromCodePoint(task.codePointAt(at) ?? 0));
}

function codePointBefore(task: string, at: number): string {
  const code = task.charCodeAt(at - 1);
  return code >= 0xdc00 && code <= 0xdfff ? task.slice(at - 2, at) : task.slice(at - 1, at);
}
